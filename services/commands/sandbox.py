"""`xianjin sandbox`: a server for front-end teams, with invented people and campaigns, that is put back by one call."""

import argparse
import asyncio
import os
import sys
import time
from functools import partial
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from services.app import create_app
from services.commands.embedded_start import CHECKOUT, CLOCK_START
from services.commands.guarding import port_number
from services.commands.preparing import fake_wechat, prepare
from services.commands.serve import serve_app
from services.common.logs import configure_logs
from services.documents.object_store import ObjectStore
from services.documents.settings import DocumentsSettings
from services.embedded.demo_people import PASSWORD
from services.embedded.stack import WECHAT_APPID, EmbeddedStack, EmbeddedStartFailed, default_data_folder
from services.sandbox.app import Sandbox, facts_of
from services.sandbox.cast import accounts, one_for_each_role
from services.sandbox.resetting import Reset
from services.sandbox.seeding import lay_out_campaigns, seed

_MARK = "this-is-a-sandbox"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "sandbox", help="a server for front-end teams: invented people, settable clock, reset by a call"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=port_number, default=0, help="default: what the data folder remembers")
    parser.add_argument("--data", type=Path, default=None, help="a folder of its own; begins empty at every start")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logs(os.environ.get("XIANJIN_LOG_LEVEL", "WARNING" if sys.stderr.isatty() else "INFO"))
    started = time.perf_counter()
    try:
        with EmbeddedStack.start(_own_folder(options.data), durable=False) as stack:
            port = options.port or stack.api_port
            empty_and_fill(stack)
            announce = partial(_banner, f"http://{options.host}:{port}", started)
            wechat_url = os.environ["AUTH_WECHAT_BASE_URL"]
            with fake_wechat(wechat_url):
                sandbox = open_sandbox(stack, wechat_url)
                return serve_app(lambda: sandbox, host=options.host, port=port, announce=announce)
    except EmbeddedStartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the services are up, or while the servers stop
        return 0


def empty_and_fill(stack: EmbeddedStack) -> None:
    """The settings into the environment; the stack's database emptied, migrated and filled."""
    os.environ.update(stack.environment())
    os.environ["NOMINATIONS_CLOCK_START"] = CLOCK_START
    os.environ["XIANJIN_CAMPAIGNS_FOLDER"] = str(lay_out_campaigns(CHECKOUT / "campaigns", stack.data / "campaigns"))
    asyncio.run(stack.begin_anew())
    prepare()
    asyncio.run(seed(WECHAT_APPID))


def open_sandbox(stack: EmbeddedStack, wechat_url: str) -> ASGIApp:
    """The application over the filled database."""
    services = create_app()
    documents = DocumentsSettings()
    reset = Reset(
        superuser_url=stack.database_url,
        store=ObjectStore(documents),
        api=httpx.AsyncClient(transport=httpx.ASGITransport(services), base_url="http://sandbox"),
        wechat=httpx.AsyncClient(base_url=wechat_url),
        clock_start=CLOCK_START,
        text_messages=stack.data / "text-messages.jsonl",
    )
    asyncio.run(reset.sweep())
    facts = facts_of(accounts(), password=PASSWORD, wechat_url=wechat_url, appid=WECHAT_APPID, clock_start=CLOCK_START)
    return Sandbox(services, reset, facts)


def _own_folder(data: Path | None) -> Path:
    """A folder that nothing but sandboxes have used. Raises EmbeddedStartFailed: its data would be thrown away."""
    standard = default_data_folder(CHECKOUT)
    folder = data or standard.with_name(f"{standard.name}-sandbox")
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise EmbeddedStartFailed(
            f"{folder} 里有别的数据，沙箱会清空它：请另选文件夹。{folder} holds other data, which a sandbox would "
            f"throw away: choose another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    return folder


def _banner(url: str, started: float) -> str:
    seconds = time.perf_counter() - started
    rows = "\n".join(f"  {each.username:16} {each.role:17} {each.campaign_key}" for each in one_for_each_role())
    return f"""
先进 Xianjin 沙箱已就绪（{seconds:.1f} 秒）  sandbox ready in {seconds:.1f} s

  接口文档 API documentation   {url}/docs
  全部账号 all accounts         GET  {url}/v1/sandbox
  恢复初始 back to the start    POST {url}/v1/sandbox/resets
  业务时钟 clock                PUT  {url}/v1/clock   {{"now": "{CLOCK_START}"}}
  模拟微信 fake WeChat          {os.environ["AUTH_WECHAT_BASE_URL"]}   appid {WECHAT_APPID}

示例账号 accounts, all invented; password of all: {PASSWORD}
{rows}

停止 stop: Ctrl-C      重新启动即清空 every start begins empty
"""
