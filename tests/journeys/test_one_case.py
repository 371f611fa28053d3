"""One case from a phone to the printed form, told to a server as a newcomer starts it; and how that server ends."""

import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import one_at_a_time, servers_folder
from tests.journeys.demo_story import SERVICES, tell_story
from tests.journeys.servers import Command, descendants, is_alive, running

MOMENT = "2025-02-20T10:00:00+08:00"


@dataclass(frozen=True)
class Life:
    """What was seen of a server: started, told a story, killed, started again, and told to stop."""

    form: str
    """The text of the form that the story printed."""
    folder: Path
    left_by_kill: set[int]
    clock: str
    """After the kill and a second start; before it was `MOMENT`."""
    seconds_to_start: float
    told_of_port: int
    """Exit code of another server on the same port, which said why."""
    exit_code: int
    left_by_stop: set[int]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    output = tmp_path_factory.mktemp("demo")
    with servers_folder() as data:
        with started(data) as server:
            url = address(server, "API documentation")
            base_urls = dict.fromkeys(SERVICES, url) | {"wechat": address(server, "fake WeChat")}
            form = tell_story(base_urls, output)
            httpx.put(f"{url}/v1/clock", json={"now": MOMENT}).raise_for_status()
            children = descendants(server.process.pid)
            server.end(signal.SIGKILL)
            left_by_kill = still_alive(children)
        with started(data) as again:
            seconds = float(again.wait_for(r"ready in ([\d.]+) s")[1])
            url = address(again, "API documentation")
            clock = httpx.get(f"{url}/v1/clock").json()["now"]
            told_of_port = code_of_another(url.rpartition(":")[2])
            children = descendants(again.process.pid)
            exit_code = again.end(signal.SIGINT)
            yield Life(form, output, left_by_kill, clock, seconds, told_of_port, exit_code, still_alive(children))


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


def code_of_another(port: str) -> int:
    with servers_folder() as other, running("serve", "--data", str(other), "--port", port) as second:
        second.wait_for(rf"端口 {port} 已被占用")
        return second.process.wait(30)


def still_alive(processes: set[int]) -> set[int]:
    """Which of them live 15 seconds later: some end by themselves a moment after the server has."""
    deadline = time.monotonic() + 15
    while any(map(is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return {pid for pid in processes if is_alive(pid)}


def test_the_story_runs_in_one_process_and_prints_the_signed_form(life: Life):
    words = ("王晓明", "高级工程师", "上述情况真实准确，同意推荐。", "2025年2月14日")
    assert [word for word in words if word not in life.form] == []


def test_the_final_form_is_not_marked_as_a_draft(life: Life):
    assert "草稿" not in life.form


def test_the_form_comes_as_docx_too(life: Life):
    with zipfile.ZipFile(life.folder / "attachment_6.docx") as document:
        assert document.testzip() is None


def test_a_kill_leaves_no_orphan_and_loses_nothing(life: Life):
    assert (life.left_by_kill, life.clock[:15]) == (set(), "2025-02-20T02:0")


def test_a_second_start_is_quick(life: Life):
    assert life.seconds_to_start < 15


def test_a_taken_port_is_a_clear_message(life: Life):
    assert life.told_of_port == 1


def test_ctrl_c_stops_everything_and_ends_well(life: Life):
    assert (life.exit_code, life.left_by_stop) == (0, set())
