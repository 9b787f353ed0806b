"""The common questions, with the types of the schema. `Channel` has every other, by its name."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from typing import cast

from google.protobuf.message import Message

from ujuzi.channel import Channel
from ujuzi.v1 import services_pb2, wire_pb2


class Client(Channel):
    """A registry's client. Every call takes `timeout` in seconds and raises StatusError."""

    async def verify_credential(
        self,
        request: services_pb2.VerifyCredentialRequest,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
    ) -> services_pb2.VerifyCredentialReply:
        """What a credential is worth. One that nobody awarded has CREDENTIAL_STATUS_UNKNOWN."""
        reply = await self.unary(
            "Registry.VerifyCredential", request, timeout=timeout, metadata=metadata
        )
        return cast("services_pb2.VerifyCredentialReply", reply)

    async def get_profile(
        self,
        request: services_pb2.GetProfileRequest,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
    ) -> services_pb2.GetProfileReply:
        """An officer's profile; without `officer` where nobody is registered so."""
        reply = await self.unary("Registry.GetProfile", request, timeout=timeout, metadata=metadata)
        return cast("services_pb2.GetProfileReply", reply)

    async def has_skill(
        self,
        request: services_pb2.HasSkillRequest,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
    ) -> services_pb2.HasSkillReply:
        reply = await self.unary("Registry.HasSkill", request, timeout=timeout, metadata=metadata)
        return cast("services_pb2.HasSkillReply", reply)

    async def record(
        self,
        request: services_pb2.RecordRequest,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
        repeatable: bool = False,
    ) -> services_pb2.RecordReply:
        """Records proposals. What was recorded is durable when this returns.

        When the outcome is unknown (UNAVAILABLE or DEADLINE_EXCEEDED without `not_processed`), ask
        again with the same event ids; `repeatable` does that by itself while the time lasts. It
        may then be decided after `Record` calls that were sent behind it.
        """
        reply = await self.unary(
            "Registrar.Record", request, timeout=timeout, metadata=metadata, repeatable=repeatable
        )
        return cast("services_pb2.RecordReply", reply)

    def record_many(
        self,
        requests: Iterable[services_pb2.RecordRequest] | AsyncIterable[services_pb2.RecordRequest],
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
    ) -> AsyncGenerator[services_pb2.RecordReply, None]:
        """Records in bulk: each request has its answer, in order, while later ones are sent.

        When it breaks, those that had no answer may have been recorded: send them again with the
        same event ids.
        """
        replies = self.exchange(
            "Registrar.RecordMany",
            cast("Iterable[Message] | AsyncIterable[Message]", requests),
            timeout=timeout,
            metadata=metadata,
        )
        return cast("AsyncGenerator[services_pb2.RecordReply, None]", replies)

    def read_log(
        self,
        request: services_pb2.ReadLogRequest,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
    ) -> AsyncGenerator[services_pb2.ReadLogPage, None]:
        """The log from a position on; go on after a break from the last page's `next`."""
        pages = self.stream("Audit.ReadLog", request, timeout=timeout, metadata=metadata)
        return cast("AsyncGenerator[services_pb2.ReadLogPage, None]", pages)

    def watch(
        self,
        request: services_pb2.WatchRequest,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
    ) -> AsyncGenerator[services_pb2.WatchPage, None]:
        """What changes, for as long as the caller stays.

        After a break set `cursor` to that of the last page, or of the last change taken in. It is
        refused once an older log was put back: begin again.
        """
        pages = self.stream("Registry.Watch", request, timeout=timeout, metadata=metadata)
        return cast("AsyncGenerator[services_pb2.WatchPage, None]", pages)
