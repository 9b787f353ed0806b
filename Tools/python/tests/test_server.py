"""Against the program itself."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import unittest
from contextlib import aclosing

from tests.registry import CREDENTIALS, Registry
from ujuzi import Client, Code, Options, RetryPolicy, StatusError, method_names, tls_context
from ujuzi.v1 import events_pb2 as events
from ujuzi.v1 import services_pb2 as services
from ujuzi.v1 import wire_pb2


def certificate(number: str) -> services.VerifyCredentialRequest:
    return services.VerifyCredentialRequest(
        certificate=services.CertificateNumber(issuer=b"heta", number=number)
    )


def personnel(number: str) -> services.GetProfileRequest:
    return services.GetProfileRequest(
        identifier=events.SchemeValue(scheme=b"pn", value=number)
    )


def proposals(count: int) -> services.RecordRequest:
    """Organisations that nobody has heard of."""
    items = []
    for _ in range(count):
        proposal = events.Proposal(
            event_id=secrets.token_bytes(16),
            stream=b"organisation/test-" + secrets.token_hex(6).encode(),
            effective=20220101,
            organisation=events.OrganisationEvent(
                registered=events.OrganisationRegistered(
                    name="Example", roles=[events.ORGANISATION_ROLE_SCHOOL]
                )
            ),
        )
        items.append(services.RecordItem(proposal=proposal.SerializeToString()))
    return services.RecordRequest(items=items)


class WithServer(unittest.IsolatedAsyncioTestCase):
    registry: Registry

    @classmethod
    def setUpClass(cls) -> None:
        cls.registry = Registry()
        cls.enterClassContext(cls.registry)

    async def asyncSetUp(self) -> None:
        self.client = Client(self.registry.address, Options(timeout=20))

    async def asyncTearDown(self) -> None:
        await self.client.close()


class Asking(WithServer):
    async def test_a_known_credential_is_valid(self) -> None:
        request = certificate("HETA/2022/0001")
        request.holder.CopyFrom(events.SchemeValue(scheme=b"pn", value="2022-000001"))
        reply = await self.client.verify_credential(request)
        self.assertEqual(reply.status, services.CREDENTIAL_STATUS_VALID)
        self.assertEqual(reply.holder_matches, services.HOLDER_MATCH_YES)
        self.assertEqual(reply.issuer, b"heta")

    async def test_an_unknown_credential_is_an_answer(self) -> None:
        reply = await self.client.verify_credential(certificate("HETA/1999/0001"))
        self.assertEqual(reply.status, services.CREDENTIAL_STATUS_UNKNOWN)

    async def test_a_profile_has_skills_and_credentials(self) -> None:
        reply = await self.client.get_profile(personnel("2022-000001"))
        self.assertEqual([line.number for line in reply.credentials], ["HETA/2022/0001"])
        self.assertTrue(reply.skills)
        skill = reply.skills[0]
        has = await self.client.has_skill(
            services.HasSkillRequest(
                officer=reply.officer,
                skill=events.SkillLevel(
                    framework=skill.framework, skill=skill.skill, level=max(skill.level, 1)
                ),
            )
        )
        self.assertTrue(has.has)

    async def test_a_profile_of_nobody_has_no_officer(self) -> None:
        reply = await self.client.get_profile(personnel("1999-000001"))
        self.assertEqual(reply.officer, b"")

    async def test_what_is_not_there_is_not_found(self) -> None:
        with self.assertRaises(StatusError) as caught:
            request = services.ComplianceRequest(mandate=b"nothing-such")
            async for _ in self.client.stream("Registry.Compliance", request):
                pass
        error = caught.exception
        self.assertEqual((error.code, error.field), (Code.NOT_FOUND, "mandate"))

    async def test_a_status_names_its_field(self) -> None:
        with self.assertRaises(StatusError) as caught:
            await self.client.verify_credential(services.VerifyCredentialRequest())
        self.assertEqual(caught.exception.code, Code.INVALID_ARGUMENT)
        self.assertEqual((caught.exception.field, caught.exception.rule), ("which", "missing"))

    async def test_the_schema_names_the_servers_methods(self) -> None:
        reply = await self.client.unary("Health.Describe", services.DescribeRequest())
        assert isinstance(reply, services.DescribeReply)
        served = {line.name for line in reply.methods}
        self.assertIn("Registry.VerifyCredential", served)
        self.assertLessEqual({"Registrar.Record", "Audit.ReadLog"}, served & set(method_names()))

    async def test_a_method_that_the_schema_lacks_cannot_be_asked(self) -> None:
        with self.assertRaises(KeyError):
            await self.client.unary("Registry.Nothing", services.HealthRequest())
        with self.assertRaises(TypeError):
            await self.client.unary("Registry.GetProfile", services.HealthRequest())
        with self.assertRaises(ValueError):
            await self.client.unary("Audit.ReadLog", services.ReadLogRequest())

    async def test_metadata_goes_with_a_call(self) -> None:
        metadata = wire_pb2.Metadata(
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            entries=[wire_pb2.MetadataEntry(key="agency", value=b"example")],
        )
        reply = await self.client.verify_credential(
            certificate("HETA/2022/0002"), metadata=metadata
        )
        self.assertEqual(reply.status, services.CREDENTIAL_STATUS_VALID)

    async def test_a_thousand_calls_at_once_share_a_connection(self) -> None:
        replies = await asyncio.gather(
            *(
                self.client.verify_credential(certificate(f"HETA/2022/{i % CREDENTIALS + 1:04}"))
                for i in range(1_000)
            )
        )
        for i, reply in enumerate(replies):
            self.assertEqual(reply.number, f"HETA/2022/{i % CREDENTIALS + 1:04}")

    async def test_a_time_that_has_passed_asks_nothing(self) -> None:
        with self.assertRaises(StatusError) as caught:
            await self.client.verify_credential(certificate("HETA/2022/0001"), timeout=0)
        self.assertEqual(caught.exception.code, Code.DEADLINE_EXCEEDED)


class Streams(WithServer):
    async def test_the_log_is_read_to_its_end(self) -> None:
        positions = []
        async for page in self.client.read_log(services.ReadLogRequest()):
            positions += [events.Recorded.FromString(event).position for event in page.events]
        self.assertGreater(len(positions), 100)
        self.assertEqual(positions, list(range(positions[0], positions[0] + len(positions))))

    async def test_a_slow_reader_gets_all_of_a_long_stream(self) -> None:
        big = proposals(1_000)
        await asyncio.gather(*(self.client.record(proposals(1_000)) for _ in range(9)))
        reply = await self.client.record(big)
        self.assertTrue(all(outcome.HasField("recorded") for outcome in reply.outcomes))
        count = length = 0
        async for page in self.client.read_log(services.ReadLogRequest()):
            count += len(page.events)
            length += page.ByteSize()
            await asyncio.sleep(0.002)
        self.assertGreaterEqual(count, 10_000)
        hello = await self.client.connect()
        self.assertGreater(length, hello.stream_credit, "the stream needs more than its credit")

    async def test_a_stream_left_early_leaves_room_for_others(self) -> None:
        # More than the server takes at once.
        count = (await self.client.connect()).calls_max + 10
        late = services.ReadLogRequest(follow=True)
        health = await self.client.unary("Health.Check", services.HealthRequest())
        assert isinstance(health, services.HealthReply)
        setattr(late, "from", health.as_of - 5)
        for _ in range(count):
            async with aclosing(
                self.client.read_log(late)
            ) as pages:
                async for page in pages:
                    self.assertTrue(page.events)
                    break
        reply = await self.client.verify_credential(certificate("HETA/2022/0001"))
        self.assertEqual(reply.status, services.CREDENTIAL_STATUS_VALID)

    async def test_a_stream_that_waits_ends_with_its_deadline(self) -> None:
        with self.assertRaises(StatusError) as caught:
            async for _ in self.client.read_log(services.ReadLogRequest(follow=True), timeout=0.4):
                pass
        self.assertEqual(caught.exception.code, Code.DEADLINE_EXCEEDED)


class Watching(WithServer):
    async def test_a_change_is_told_as_it_is_recorded(self) -> None:
        request = services.WatchRequest(kinds=services.WatchedKinds(kinds=[b"organisation"]))
        setattr(request, "from", 0)
        late = proposals(1)
        stream = events.Proposal.FromString(late.items[0].proposal).stream
        changes = 0
        async with aclosing(self.client.watch(request, timeout=20)) as pages:
            async for page in pages:
                changes += len(page.changes)
                if any(change.stream == stream for change in page.changes):
                    break
                if changes > 3 and late.items:
                    await self.client.record(late)
        self.assertGreater(changes, 4)


class Recording(WithServer):
    async def test_the_same_event_id_has_the_same_receipt(self) -> None:
        request = proposals(1)
        [first] = (await self.client.record(request, repeatable=True)).outcomes
        [second] = (await self.client.record(request)).outcomes
        self.assertEqual(first.recorded.position, second.recorded.position)
        self.assertFalse(first.recorded.already)
        self.assertTrue(second.recorded.already)

    async def test_records_of_one_connection_are_decided_in_order(self) -> None:
        replies = await asyncio.gather(*(self.client.record(proposals(1)) for _ in range(50)))
        positions = [reply.outcomes[0].recorded.position for reply in replies]
        self.assertEqual(positions, sorted(positions))

    async def test_recording_in_bulk_answers_each_request_in_its_turn(self) -> None:
        requests = [proposals(20) for _ in range(50)]
        if (await self.client.connect()).connection_credit == 0:
            # A server from before exchanges says that it has none.
            with self.assertRaises(StatusError) as caught:
                async for _ in self.client.record_many(requests):
                    pass
            error = caught.exception
            self.assertEqual((error.code, error.rule), (Code.UNIMPLEMENTED, "end"))
            self.assertTrue(error.not_processed)
            return
        positions = []
        async for reply in self.client.record_many(requests):
            positions += [outcome.recorded.position for outcome in reply.outcomes]
        self.assertEqual(len(positions), 1_000)
        self.assertEqual(positions, sorted(positions))


class Restarts(unittest.IsolatedAsyncioTestCase):
    async def test_reads_outlive_a_server_that_is_killed_and_started(self) -> None:
        with Registry() as registry:
            options = Options(timeout=60, retry=RetryPolicy(attempts=200), wait_for_ready=True)
            async with Client(registry.address, options) as client:
                done = 0

                async def ask(count: int) -> None:
                    nonlocal done
                    for i in range(count):
                        number = f"HETA/2022/{i % CREDENTIALS + 1:04}"
                        reply = await client.verify_credential(certificate(number))
                        self.assertEqual(reply.number, number)
                        done += 1

                asking = [asyncio.create_task(ask(100)) for _ in range(10)]
                for goal in (200, 600):
                    while done < goal:
                        await asyncio.sleep(0.01)
                    registry.stop(signal.SIGKILL)
                    await asyncio.to_thread(registry.start)
                await asyncio.gather(*asking)
                self.assertEqual(done, 1_000)

    async def test_a_record_that_is_repeatable_is_recorded_once(self) -> None:
        with Registry() as registry:
            options = Options(timeout=60, retry=RetryPolicy(attempts=200), wait_for_ready=True)
            async with Client(registry.address, options) as client:
                recording = [
                    asyncio.create_task(client.record(proposals(5), repeatable=True))
                    for _ in range(200)
                ]
                await asyncio.sleep(0.02)
                registry.stop(signal.SIGKILL)
                await asyncio.to_thread(registry.start)
                positions = [
                    outcome.recorded.position
                    for reply in await asyncio.gather(*recording)
                    for outcome in reply.outcomes
                ]
                self.assertEqual(len(set(positions)), 1_000)

    async def test_a_server_that_stops_finishes_what_is_open_and_calls_go_elsewhere(self) -> None:
        with Registry() as first, Registry() as second:
            options = Options(timeout=30)
            async with Client([first.address, second.address], options) as client:
                await client.connect()
                asking = [
                    asyncio.create_task(client.verify_credential(certificate("HETA/2022/0001")))
                    for _ in range(200)
                ]
                await asyncio.sleep(0)
                first.tell(signal.SIGTERM)
                for reply in await asyncio.gather(*asking):
                    self.assertEqual(reply.status, services.CREDENTIAL_STATUS_VALID)
                first.stop(signal.SIGTERM)
                for _ in range(50):
                    reply = await client.verify_credential(certificate("HETA/2022/0002"))
                    self.assertEqual(reply.status, services.CREDENTIAL_STATUS_VALID)

    async def test_nobody_there_is_unavailable_and_not_processed(self) -> None:
        with Registry() as registry:
            registry.stop(signal.SIGKILL)
            async with Client(registry.address, Options(retry=RetryPolicy(attempts=2))) as client:
                with self.assertRaises(StatusError) as caught:
                    await client.verify_credential(certificate("HETA/2022/0001"))
                self.assertEqual(caught.exception.code, Code.UNAVAILABLE)
                self.assertTrue(caught.exception.not_processed)


class Secured(unittest.IsolatedAsyncioTestCase):
    registry: Registry

    @classmethod
    def setUpClass(cls) -> None:
        cls.registry = Registry(tls=True)
        cls.enterClassContext(cls.registry)

    def client(self, *pem: str) -> Client:
        tls = tls_context(*pem) if pem else None
        options = Options(tls=tls, timeout=20, retry=RetryPolicy(attempts=1))
        return Client(self.registry.address, options)

    async def test_a_server_knows_whom_it_talks_to_and_what_they_may(self) -> None:
        async with self.client(*self.registry.pem("agency")) as agency:
            self.assertEqual((await agency.connect()).principal, "urn:ujuzi:dev:agency")
            reply = await agency.verify_credential(certificate("HETA/2022/0001"))
            self.assertEqual(reply.status, services.CREDENTIAL_STATUS_VALID)
            with self.assertRaises(StatusError) as caught:
                await agency.record(proposals(1))
            self.assertEqual(caught.exception.code, Code.PERMISSION_DENIED)
        async with self.client(*self.registry.pem("registrar")) as registrar:
            [outcome] = (await registrar.record(proposals(1))).outcomes
            self.assertTrue(outcome.HasField("recorded"))

    async def test_a_stranger_is_not_talked_to(self) -> None:
        async with self.client() as nobody:
            with self.assertRaises(StatusError) as caught:
                await nobody.verify_credential(certificate("HETA/2022/0001"))
            self.assertIn("speaks TLS", caught.exception.message)
        # The first is of an authority that is not known; a server's names no principal.
        for pem in (self.registry.strange_pem(), self.registry.pem("server")):
            async with self.client(*pem) as nobody:
                with self.assertRaises(StatusError) as caught:
                    await nobody.verify_credential(certificate("HETA/2022/0001"))
                self.assertEqual(caught.exception.code, Code.UNAUTHENTICATED, caught.exception)
                self.assertTrue(caught.exception.not_processed)

    async def test_the_example_takes_certificates(self) -> None:
        python = await asyncio.create_subprocess_exec(
            *(os.environ.get("PYTHON", "python3"), "examples/verify.py", self.registry.address),
            *("heta", "HETA/2022/0001", "pn:2022-000001", *self.registry.pem("agency")),
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await python.communicate()
        self.assertEqual(python.returncode, 0, output)


class Example(WithServer):
    async def test_the_example_prints_what_was_asked_and_tells_what_is_not_there(self) -> None:
        for words, status, said in [
            (["heta", "HETA/2022/0001", "pn:2022-000001"], 0, "valid"),
            (["heta", "HETA/1999/0001", "pn:2022-000001"], 1, "unknown"),
            (["heta", "HETA/2022/0001", "pn:1999-000001"], 1, "nobody is registered"),
            (["heta", "HETA/2022/0001", "pn:2022-000002"], 1, "not_valid: holder_differs"),
        ]:
            python = await asyncio.create_subprocess_exec(
                *(os.environ.get("PYTHON", "python3"), "examples/verify.py"),
                *(self.registry.address, *words),
                stdout=asyncio.subprocess.PIPE,
            )
            output, _ = await python.communicate()
            self.assertIn(said, output.decode())
            self.assertEqual(python.returncode, status, output)


if __name__ == "__main__":
    unittest.main()
