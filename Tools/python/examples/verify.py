"""What an agency's backend does with the registry: is this certificate good, and whose is it?

    python3 verify.py 127.0.0.1:7601 heta HETA/2022/0001 pn:2022-000001
    python3 verify.py one:7601,two:7601 heta HETA/2022/0001 pn:2022-000001 ca.pem me.pem me.key

The exit status is 0 when the certificate is valid, 1 when it is not, 2 when nobody could say.
"""

from __future__ import annotations

import asyncio
import sys

from ujuzi import Client, Options, StatusError, tls_context
from ujuzi.v1 import events_pb2 as events
from ujuzi.v1 import services_pb2 as services


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
            status = services.CredentialStatus.Name(reply.status)
            print(number, status.removeprefix("CREDENTIAL_STATUS_").lower())
            print("holder matches:", reply.holder_matches == services.HOLDER_MATCH_YES)

            profile = await client.get_profile(
                services.GetProfileRequest(identifier=holder), timeout=5
            )
        except StatusError as error:
            # Everything that may be asked again was: what is left is for a person, or for later.
            print(f"no answer: {error}", error.field, error.rule, file=sys.stderr)
            return 2
        # Nor is somebody whom nobody registered.
        if not profile.officer:
            print("nobody is registered under", who)
            return 1
        for skill in profile.skills:
            print("skill", skill.framework.decode(), skill.skill.decode(), skill.level or "")
        for credential in profile.credentials:
            print("credential", credential.number, "from", credential.issuer.decode())
        return 0 if reply.status == services.CREDENTIAL_STATUS_VALID else 1


if __name__ == "__main__":
    if len(sys.argv) not in (5, 8):
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))
