"""`make bench-auth`: what a token costs to verify, and what two hundred sign-ins a second do to everybody else's answers.

The requests come at their own pace, answered or not, as on the last evening. Times are told as ratios: of a small machine
under load the milliseconds say little.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk

from bench.speed.load import Make, answer, in_turn, request
from bench.speed.processes import server
from services.auth.keys.access_tokens import AccessTokens
from services.auth.keys.sealing import Vault
from services.auth.keys.signing_keys import KeyRing, SigningKey
from services.auth.organisations.seed_patterns import demo_people_of
from services.auth.settings import AuthSettings
from services.commands.preparing import prepare
from services.common.callers.tokens import ALGORITHM, Caller, TokenVerifier
from services.embedded import demo_people
from services.embedded.stack import EmbeddedStack

PORT = 9330
MOST_TIMES_BARE = 2.5
"""What a token may cost a service that sees it first, in bare signature checks: a slow core is slow for both."""
READER = "wutai-office"


@dataclass
class Load:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def bare_signature(*, checks: int = 25) -> float:
    """Microseconds of processor time for one check of an ES256 signature: what no verifier can save."""
    private, message = ec.generate_private_key(ec.SECP256R1()), bytes(600)
    scheme = ec.ECDSA(hashes.SHA256())
    signature, public = private.sign(message, scheme), private.public_key()
    times = []
    for _ in range(60):
        began = time.process_time()
        for _ in range(checks):
            public.verify(signature, message, scheme)
        times.append((time.process_time() - began) / checks * 1e6)
    return min(times)


async def verification(settings: AuthSettings, *, tokens: int = 25) -> tuple[float, float]:
    """Microseconds of processor time for a token never seen, and for one seen before; the least of many short rounds."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = SigningKey("bench", jwk.construct(pem.decode(), algorithm=ALGORITHM))
    ring = KeyRing(Vault(settings.key_encryption_key), [(datetime.now(UTC) - timedelta(days=1), key)])
    issuer = AccessTokens("bench", timedelta(minutes=15), ring)
    public = {**key.private.public_key().to_dict(), "kid": "bench"}

    async def jwks() -> dict[str, Any]:
        return {"keys": [public]}

    async def feed(_since: str) -> dict[str, Any]:
        return {"as_of": "", "kids": ["bench"], "ended": {}}

    cold: list[float] = []
    warm: list[float] = []
    for _ in range(60):
        issued = [issuer.issue(_somebody(), now=datetime.now(UTC)) for _ in range(tokens)]
        verifier = TokenVerifier(issuer="bench", audience="auth", fetch_jwks=jwks, feed=feed)
        await verifier.verify(issuer.issue(_somebody(), now=datetime.now(UTC)))
        for times in (cold, warm):
            began = time.process_time()
            for each in issued:
                await verifier.verify(each)
            times.append((time.process_time() - began) / tokens * 1e6)
    return min(cold), min(warm)


def _somebody() -> Caller:
    return Caller(
        subject=str(uuid4()),
        session_id=str(uuid4()),
        name="示例审核人",
        organisation_id=str(uuid4()),
        organisation_name="五台县人力资源和社会保障局",
        organisation_kind="county_bureau",
        jurisdiction="140922",
        bureau="hrss",
        roles=frozenset({"county_reviewer"}),
    )


async def at_their_own_pace(make: Make, *, rate: int, seconds: float, load: Load, patience: float = 40.0) -> None:
    """So many a second on connections of their own, whether the ones before were answered or not."""
    started, waiting = time.perf_counter(), []
    for number in itertools.count():
        due = number / rate
        if due >= seconds:
            break
        await asyncio.sleep(max(0.0, started + due - time.perf_counter()))
        waiting.append(asyncio.create_task(_once(make(), load, patience)))
    await asyncio.gather(*waiting)


async def _once(message: bytes, load: Load, patience: float) -> None:
    sent = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        with contextlib.closing(writer):
            writer.write(message)
            status, _ = await asyncio.wait_for(answer(reader), patience)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        status = 0
    load.statuses[status] += 1
    load.seconds.append(time.perf_counter() - sent)


async def everybody_else(rate: int, seconds: float) -> tuple[Load, Load, Load, float]:
    """GETs alone; GETs during the sign-ins; the sign-ins; and how many of these were answered a second."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}") as http:
        body = {"username": READER, "password": demo_people.PASSWORD}
        token = (await http.post("/v1/auth/sessions", json=body)).json()["access_token"]
    reading = request("GET", "/v1/auth/organisations", token=token)
    quiet, busy, sign_ins = Load(), Load(), Load()
    await at_their_own_pace(lambda: reading, rate=50, seconds=seconds, load=quiet)
    began = time.perf_counter()
    await asyncio.gather(
        at_their_own_pace(lambda: reading, rate=50, seconds=seconds, load=busy),
        at_their_own_pace(in_turn(_people_signing_in()), rate=rate, seconds=seconds, load=sign_ins),
    )
    return quiet, busy, sign_ins, sign_ins.statuses[201] / (time.perf_counter() - began)


def _people_signing_in() -> Iterator[bytes]:
    """Many people, each from an address of their own, through a proxy that we trust."""
    accounts = itertools.cycle(sorted(each.username for each in demo_people_of(demo_people.load())))
    for number, username in enumerate(accounts):
        body = json.dumps({"username": username, "password": demo_people.PASSWORD}).encode()
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        head, _, rest = request("POST", "/v1/auth/sessions", token="", body=body).partition(b"\r\n")
        yield head + f"\r\nX-Forwarded-For: {address}\r\n".encode() + rest


def main() -> int:
    parser = argparse.ArgumentParser(description="what signing in costs, and whom it harms")
    parser.add_argument("--rate", type=int, default=200, help="sign-ins a second")
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xianjin-bench-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedStack.start(Path(folder), durable=False) as stack:
            os.environ.update(stack.environment())
            prepare()
            cold, warm = asyncio.run(verification(AuthSettings()))
            bare = bare_signature()
            log = Path(folder) / "auth.log"
            own = {**stack.environment(), "XIANJIN_TRUSTED_PROXIES": '["127.0.0.0/8"]'}
            arguments = ["-m", "services", "serve", "--only", "auth", "--port", str(PORT)]
            with server(arguments, port=PORT, environment=own, log=log, core=None):
                quiet, busy, sign_ins, answered = asyncio.run(everybody_else(options.rate, options.seconds))
    told = {
        "verify_cold_us": round(cold, 1),
        "verify_cold_ratio": round(cold / bare, 2),
        "verify_warm_us": round(warm, 1),
        "get_p50_ratio": round(busy.percentile(0.5) / quiet.percentile(0.5), 2),
        "get_p99_ratio": round(busy.percentile(0.99) / quiet.percentile(0.99), 2),
        "get_p99_ms": round(busy.percentile(0.99) * 1000, 1),
        "gets_not_answered_200": sum(count for status, count in busy.statuses.items() if status != 200),
        "sign_ins": {str(status): count for status, count in sorted(sign_ins.statuses.items())},
        "sign_ins_answered_a_second": round(answered, 1),
        "sign_in_median_s": round(statistics.median(sign_ins.seconds), 2),
    }
    print(json.dumps(told, indent=2))
    kept = cold < MOST_TIMES_BARE * bare and not told["gets_not_answered_200"] and set(sign_ins.statuses) <= {201, 503}
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
