"""The ports of the embedded servers: chosen once, kept beside the data, the same at every start."""

import hashlib
import json
import socket
from pathlib import Path

from services.embedded.failures import EmbeddedStartFailed

NAMES = (
    "api", "wechat", "postgres", "s3", "s3_grpc", "master", "master_grpc", "volume", "volume_grpc",
    "filer", "filer_grpc", "admin", "admin_grpc",
)  # fmt: skip
_PREFERRED = {"api": 8400, "wechat": 8401}
_FROM, _TO = 10_000, 32_768  # ephemeral ports start at 32768: a client socket could sit on one
_SPREAD = 20_000


def load_ports(data: Path) -> dict[str, int]:
    """The ports of this data folder; free ones are chosen for fresh data."""
    path = data / "ports.json"
    if path.exists():
        kept: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    chosen: dict[str, int] = {}
    # Each folder starts looking elsewhere: the ports of a stopped server are free, but not to be taken by another.
    candidate = _FROM + int(hashlib.sha256(str(data).encode()).hexdigest(), 16) % _SPREAD
    for name in NAMES:
        port = _PREFERRED.get(name, 0)
        while not port or not is_free(port):
            candidate += 1
            port = candidate
            if port >= _TO:
                raise EmbeddedStartFailed("没有空闲端口。No free port was found below 32768.")
        chosen[name] = port
    path.write_text(json.dumps(chosen, indent=2), encoding="utf-8")
    return chosen


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def require_free(port: int, *, server: str, data: Path) -> None:
    """Raises EmbeddedStartFailed that names the port, who wants it, and the file to change."""
    if not is_free(port):
        raise EmbeddedStartFailed(
            f"{server} 的端口 {port} 已被其他程序占用：请停止该程序，或删除 {data / 'ports.json'} 后重试。 "
            f"Port {port}, wanted by {server}, is taken by another program: stop it, or delete {data / 'ports.json'}."
        )
