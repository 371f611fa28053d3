"""`xianjin demo`: tells the story of one case against a running server, over HTTP only."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import httpx

from services.demo.narrator import DemoFailed, Narrator
from services.demo.story import tell
from services.embedded.stack import default_data_folder

_CHECKOUT = Path(__file__).parent.parent.parent


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("demo", help="tell one case from phone to printed form against a running server")
    parser.add_argument("--url", help="where the server is (default: the embedded one)")
    for service in ("auth", "documents", "nominations"):
        parser.add_argument(f"--{service}", help=f"where {service} is, when the services run alone")
    parser.add_argument("--wechat", help="where the fake WeChat is (default: beside the embedded server)")
    parser.add_argument("--county", help="such as wutai; default: the first one with a free seat")
    parser.add_argument("--output", type=Path, default=Path(tempfile.gettempdir()) / "xianjin-demo")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    ports = _embedded_ports()
    url = options.url or f"http://127.0.0.1:{ports.get('api', 8400)}"
    base_urls = {service: getattr(options, service) or url for service in ("auth", "documents", "nominations")}
    base_urls["wechat"] = options.wechat or f"http://127.0.0.1:{ports.get('wechat', 0)}"
    print(f"服务器 server: {base_urls['nominations']}（演示会拨动它的时钟 the story moves its clock）")
    try:
        tell(Narrator(base_urls), output=options.output, county=options.county)
    except httpx.ConnectError:
        print(f"{url} 没有应答，请先运行 make run。No server answers: start it with `make run`.", file=sys.stderr)
        return 1
    except DemoFailed as failure:
        print(f"\n演示中断：{failure}", file=sys.stderr)
        return 1
    return 0


def _embedded_ports() -> dict[str, int]:
    path = default_data_folder(_CHECKOUT) / "ports.json"
    ports: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return ports
