"""`xianjin serve`: the three services in one process, or one of them alone.

Without settings in the environment it is the embedded default: a real PostgreSQL and a real S3 server are started beside
it, migrated, filled with the campaign and demo accounts, and stopped with it.
"""

import argparse
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from services import SERVICES
from services.commands.banner import embedded_banner
from services.commands.embedded_start import EmbeddedServers, start_embedded
from services.commands.guarding import leave_seconds, log_level, port_number
from services.commands.importing import BEGAN, import_quickly
from services.common.health import LEAVING
from services.common.logs import configure_logs
from services.common.tracing import configure_tracing
from services.embedded.stack import EmbeddedStartFailed

_GRACE_SECONDS = 10
_APPLICATION = "services.app"
"""Imported late: it takes longer than all the rest, and the embedded servers come up meanwhile."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("serve", help="run the services (with embedded PostgreSQL and S3 unless configured)")
    parser.add_argument("--only", choices=SERVICES, help="one service alone; needs its settings in the environment")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=port_number, default=0, help="default: 8400, or what the embedded data folder remembers"
    )
    parser.add_argument("--data", type=Path, default=None, help="folder of the embedded servers (default: .xianjin)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logs(log_level())
    configure_tracing(options.only or "all")
    if "AUTH_DATABASE_URL" in os.environ or options.only or os.environ.get("XIANJIN_MODE") == "production":
        return _serve(options, port=options.port or 8400, announce=None)
    try:
        with start_embedded(options.data, read=[_APPLICATION]) as servers:
            port = options.port or servers.api_port
            return _serve(options, port=port, announce=partial(_announcement, options.host, port, servers))
    except EmbeddedStartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except (
        KeyboardInterrupt
    ):  # before the services are up or while the servers stop: those that are left end with this process
        return 0


def _announcement(host: str, port: int, servers: EmbeddedServers) -> str:
    return embedded_banner(
        url=f"http://{host}:{port}",
        wechat_url=servers.wechat_url,
        data=servers.data,
        seconds=time.perf_counter() - BEGAN,
    )


def _serve(options: argparse.Namespace, *, port: int, announce: Callable[[], str] | None) -> int:
    create_app = import_quickly(_APPLICATION).create_app
    return serve_app(lambda: create_app(options.only), host=options.host, port=port, announce=announce)


def serve_app(make: Callable[[], ASGIApp], *, host: str, port: int, announce: Callable[[], str] | None) -> int:
    """Serves until told to stop; says `announce` once it answers. Gives the exit code."""
    leave = leave_seconds()
    try:
        listener = socket.create_server((host, port), backlog=2048, reuse_port=False)
    except OSError as error:
        print(
            f"端口 {port} 已被占用，请换一个端口：--port N。Port {port} cannot be used: {error.strerror}.",
            file=sys.stderr,
        )
        return 1
    config = uvicorn.Config(
        make(),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=65,
    )
    server = _LeavingServer(config, leave=leave)
    if announce is not None:
        threading.Thread(target=_announce_when_ready, args=(server, announce), daemon=True).start()
    # uvicorn finishes the requests in hand, then raises the signal again: let it unwind, so that the embedded servers stop too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return 0
    return 0 if server.started else 1


class _LeavingServer(uvicorn.Server):
    """Told to stop, it first says so at /readyz for `XIANJIN_LEAVE_SECONDS`, and goes on answering.

    What is there before the first request stays for good, and is never looked through for garbage: half a million objects, for
    which every request in hand waited 0.3 s.
    """

    def __init__(self, config: uvicorn.Config, *, leave: float) -> None:
        super().__init__(config)
        self._leave_seconds = leave

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if LEAVING.announced or not self._leave_seconds:
            LEAVING.stopping = True
            super().handle_exit(sig, frame)
            return
        LEAVING.announced = True
        timer = threading.Timer(self._leave_seconds, self.handle_exit, (sig, frame))
        timer.daemon = True
        timer.start()


def _announce_when_ready(server: uvicorn.Server, announcement: Callable[[], str]) -> None:
    while not server.started and not server.should_exit:
        time.sleep(0.02)
    if server.started:
        print(announcement(), flush=True)
