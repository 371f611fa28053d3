"""One case from a phone to the printed form, told to a server as a newcomer starts it; and how that server ends."""

import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import one_at_a_time, servers_folder
from tests.journeys.demo_story import SERVICES, tell_story
from tests.journeys.servers import Command, descendants, is_alive, running


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with servers_folder() as folder:
        yield folder


def address(server: Command, of_what: str) -> str:
    return server.wait_for(rf"{of_what}\s+(http://127\.0\.0\.1:\d+)")[1]


@contextmanager
def started(data: Path) -> Iterator[Command]:
    """A server on these data, ready."""
    with ExitStack() as open_:
        with one_at_a_time():
            server = open_.enter_context(running("serve", "--data", str(data)))
            server.wait_for("ready in")
        yield server


@pytest.fixture(scope="module")
def printed_form(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    output = tmp_path_factory.mktemp("demo")
    with started(data) as server:
        url = address(server, "API documentation")
        base_urls = dict.fromkeys(SERVICES, url) | {"wechat": address(server, "fake WeChat")}
        text = tell_story(base_urls, output)
    return text, output


def test_the_story_runs_in_one_process_and_prints_the_signed_form(printed_form):
    text, _ = printed_form
    assert [
        word for word in ("王晓明", "高级工程师", "上述情况真实准确，同意推荐。", "2025年2月14日") if word not in text
    ] == []


def test_the_final_form_is_not_marked_as_a_draft(printed_form):
    assert "草稿" not in printed_form[0]


def test_the_form_comes_as_docx_too(printed_form):
    with zipfile.ZipFile(printed_form[1] / "attachment_6.docx") as document:
        assert document.testzip() is None


def still_alive(processes: set[int]) -> set[int]:
    """Which of them live 15 seconds later: some end by themselves a moment after the server has."""
    deadline = time.monotonic() + 15
    while any(map(is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return {pid for pid in processes if is_alive(pid)}


def test_a_second_start_is_quick_and_a_taken_port_is_a_clear_message(data):
    with started(data) as first:
        seconds = float(first.wait_for(r"ready in ([\d.]+) s")[1])
        port = address(first, "API documentation").rpartition(":")[2]
        with servers_folder() as other, running("serve", "--data", str(other), "--port", port) as second:
            second.wait_for(rf"端口 {port} 已被占用")
            assert second.process.wait(30) == 1
    assert seconds < 8


def test_a_kill_leaves_no_orphan_and_loses_nothing(data):
    with started(data) as server:
        url = address(server, "API documentation")
        moment = "2025-02-20T10:00:00+08:00"
        httpx.put(f"{url}/v1/clock", json={"now": moment}).raise_for_status()
        children = descendants(server.process.pid)
        server.end(signal.SIGKILL)
        assert still_alive(children) == set()
    with started(data) as again:
        now = httpx.get(f"{address(again, 'API documentation')}/v1/clock").json()["now"]
    assert now.startswith("2025-02-20T02:0")


def test_ctrl_c_stops_everything_and_ends_well(data):
    with started(data) as server:
        children = descendants(server.process.pid)
        assert server.end(signal.SIGINT) == 0, server.output
        assert still_alive(children) == set()
