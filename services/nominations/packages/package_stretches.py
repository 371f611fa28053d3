"""A stretch of a prepared package, made again: what lies before it is neither drawn nor read, only counted.

Every file is compared with what it was before the first of its bytes goes out. One that has changed ends the answer short,
so that nobody joins halves of two packages, and the package is `outdated`.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.common.callers.tokens import Caller
from services.evidence.bags import PAYLOAD, BagFile, Layout, layout_of, tag_files
from services.nominations.context import Context
from services.nominations.forms.blocks import FormDocument
from services.nominations.packages.package_entries import Making, Package, bag_info, entries
from services.nominations.packages.package_preparing import mark_outdated
from services.nominations.packages.package_tables import PreparedPackage
from services.nominations.packages.sealing_cases import sealed_by
from services.nominations.prints.printing import Subject
from services.nominations.prints.rendering import TableFormat
from services.nominations.problems import PackageOutdated

_TAG_FILES = 5


@dataclass(frozen=True, slots=True)
class Window:
    """First and last byte that are wanted, both included."""

    first: int
    last: int

    def of(self, offset: int, content: bytes) -> bytes:
        return content[max(0, self.first - offset) : max(0, self.last + 1 - offset)]

    def meets(self, offset: int, size: int) -> bool:
        return offset <= self.last and offset + size > self.first


async def stretch(
    context: Context, caller: Caller, prepared: PreparedPackage, package: Package, window: Window
) -> AsyncIterator[bytes]:
    """Raises PackageOutdated, NotFound, Unavailable: after the first byte, by ending short."""
    assert prepared.files is not None
    assert prepared.seal_id is not None
    files = [BagFile(*each) for each in prepared.files]
    layout = layout_of(files, prepared.made_at)
    payload = {file.name: file for file in files[:-_TAG_FILES]}

    async def draw(document: FormDocument, wanted: TableFormat, _: Subject) -> bytes:
        return await context.renderer.draw(document, wanted)  # it was written down as printed when it was prepared

    passed = _passed(files, layout, window)
    making = Making(prepared.made_at, await sealed_by(context, prepared.seal_id), draw, passed)
    async for entry in entries(context, caller, package, making):
        file = payload.get(PAYLOAD + entry.path)
        if file is None:
            entry.withhold()
            continue
        offset, header = layout.offsets[file.name], file.stored.header(prepared.made_at)
        if offset > window.last:
            return
        if window.meets(offset, len(header) + file.size):
            yield window.of(offset, header)
        if window.meets(offset + len(header), file.size):
            content = await entry.content()
            if content is None or BagFile.of(file.name, content) != file:
                await mark_outdated(context, prepared.id)
                raise PackageOutdated
            yield window.of(offset + len(header), content)
    for name, content in tag_files(payload.values(), bag_info(package, prepared.made_at), context.sealing_key):
        header = BagFile.of(name, content).stored.header(prepared.made_at)
        yield window.of(layout.offsets[name], header + content)
    yield window.of(layout.begin, layout.directory)


def _passed(files: list[BagFile], layout: Layout, window: Window) -> dict[int, list[str]]:
    """Cases that end before the window, or begin after it."""
    paths: dict[int, list[str]] = defaultdict(list)
    wanted: set[int] = set()
    for file in files:
        path = file.name.removeprefix(PAYLOAD)
        if not path.startswith("cases/"):
            continue
        number = int(path.split("/")[1].partition("-")[0])
        paths[number].append(path)
        if window.meets(layout.offsets[file.name], file.size + _MOST_HEADER):
            wanted.add(number)
    return {number: listed for number, listed in paths.items() if number not in wanted}


_MOST_HEADER = 1024
"""More than any header takes: names are short."""
