"""What every benchmark begins with: real servers, our service on the first core, and the world they share."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from bench.speed.processes import REST_CORE, SERVER_CORE, pin, server
from bench.speed.world import World, make_world
from services.commands.embedded_start import CLOCK_START
from services.commands.preparing import prepare
from services.embedded.provision import DATABASE
from services.embedded.stack import EmbeddedStack

OURS = 9302


@dataclass(frozen=True)
class Started:
    """Our service and what it stands on."""

    folder: Path
    stack: EmbeddedStack
    world: World
    process: "subprocess.Popen[bytes]"

    @property
    def log(self) -> Path:
        return self.folder / "servers.log"

    @property
    def superuser_url(self) -> str:
        url = make_url(self.stack.postgres.superuser_url).set(database=DATABASE)
        return url.render_as_string(hide_password=False)


@contextmanager
def started() -> Iterator[Started]:
    """PostgreSQL, the store and whoever sends are put on the other core."""
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="xianjin-bench-")))
        folder.chmod(0o711)
        stack = open_.enter_context(EmbeddedStack.start(folder))
        os.environ.update(stack.environment() | {"NOMINATIONS_CLOCK_START": CLOCK_START, "XIANJIN_LOG_LEVEL": "INFO"})
        prepare()
        serve = ["-m", "services", "serve", "--port", str(OURS)]
        log = folder / "servers.log"
        process = open_.enter_context(server(serve, port=OURS, environment={}, log=log))
        superuser = make_url(stack.postgres.superuser_url).set(database=DATABASE).render_as_string(hide_password=False)
        world = make_world(f"http://127.0.0.1:{OURS}", superuser)
        pin(os.getpid(), REST_CORE)
        for child in (stack.postgres.pid, stack.s3.pid):
            pin(child, REST_CORE)
        pin(process.pid, SERVER_CORE)
        yield Started(folder, stack, world, process)
