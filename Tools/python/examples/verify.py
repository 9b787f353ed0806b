"""What an agency's backend does with the registry: is this certificate good, and whose is it?

    python3 verify.py 127.0.0.1:7601 heta HETA/2022/0001 pn:2022-000001
    python3 verify.py one:7601,two:7601 heta HETA/2022/0001 pn:2022-000001 ca.pem me.pem me.key

The outcome is `valid` (exit status 0) only where the certificate stands, what it rests on stands, its
holder's registration was not voided and it is the presenter's; `not_valid` (1) with its causes; `no_answer` (2) when nobody could say.
"""

from __future__ import annotations

import asyncio
import sys

from ujuzi import Client, Code, Options, StatusError, tls_context
from ujuzi.v1 import events_pb2 as events
from ujuzi.v1 import services_pb2 as services


def causes(reply: services.VerifyCredentialReply) -> list[str]:
    """Why a certificate is not to be relied on; nothing where it is."""
    found = []
    if reply.status != services.CREDENTIAL_STATUS_VALID:
        status = services.CredentialStatus.Name(reply.status)
        found.append(status.removeprefix("CREDENTIAL_STATUS_").lower())
    # A status alone admits whoever brings another's paper.
    if reply.holder_matches == services.HOLDER_MATCH_NO:
        found.append("holder_differs")
    if reply.holder_voided:
        found.append("holder_voided")
    if reply.evidence_withdrawn:
        found.append("evidence_withdrawn")
    return found


def no_answer(error: StatusError) -> str:
    """Why nobody could say."""
    match error.code:
        case Code.UNAVAILABLE | Code.DEADLINE_EXCEEDED | Code.CANCELLED:
            return "not_reached"
        case Code.INVALID_ARGUMENT:
            return "malformed"
        case Code.UNKNOWN | Code.INTERNAL | Code.DATA_LOSS:
            return "failed"
        case _:
            return "refused"


async def main(servers: str, issuer: str, number: str, who: str, *pem: str) -> int:
    scheme, _, value = who.partition(":")
    holder = events.SchemeValue(scheme=scheme.encode(), value=value)
    # One client serves the whole program: it keeps a connection, and finds another when it breaks.
    options = Options(name="example", tls=tls_context(*pem) if pem else None)
    async with Client(servers.split(","), options) as client:
        try:
            # `timeout` is for everything: connecting, asking, and asking again where that is safe.
            reply = await client.verify_credential(
                services.VerifyCredentialRequest(
                    certificate=services.CertificateNumber(issuer=issuer.encode(), number=number),
                    holder=holder,
                ),
                timeout=5,
            )
            # A credential that nobody awarded is an answer, not an error.
            why = causes(reply)
            print(number, "not_valid: " + ", ".join(why) if why else "valid")

            profile = await client.get_profile(
                services.GetProfileRequest(identifier=holder), timeout=5
            )
        except StatusError as error:
            # Everything that may be asked again was: what is left is for a person, or for later.
            print(f"no_answer: {no_answer(error)}: {error}", error.field, error.rule, file=sys.stderr)
            return 2
        # Nor is somebody whom nobody registered.
        if not profile.officer:
            print("nobody is registered under", who)
            return 1
        for skill in profile.skills:
            print("skill", skill.framework.decode(), skill.skill.decode(), skill.level or "")
        for credential in profile.credentials:
            print("credential", credential.number, "from", credential.issuer.decode())
        return 1 if why else 0


if __name__ == "__main__":
    if len(sys.argv) not in (5, 8):
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))
