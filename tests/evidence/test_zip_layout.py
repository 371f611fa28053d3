"""A ZIP that is known before it is written: other readers find in it what was put in, beyond 4 GB and 65,535 files too."""

import base64
import zipfile
import zlib
from datetime import UTC, datetime

from services.evidence.bags import BagFile, BagWriter, layout_of
from services.evidence.seals import SealingKey
from services.evidence.zip_layout import StoredFile, directory

AT = datetime(2025, 2, 28, 17, 30, 8, tzinfo=UTC)
KEY = SealingKey(base64.b64encode(bytes(32)).decode())
FIVE_GB = 5 * 1024**3


def test_the_layout_is_that_of_the_bag_that_is_written():
    writer = BagWriter(info={"External-Description": "示例"}, at=AT)
    written = writer.add("照片/示例.jpg", b"x" * 1000) + writer.add("b.txt", b"") + writer.finish(KEY)
    layout = layout_of(writer.files, AT)
    assert (layout.size, written[layout.begin :]) == (len(written), layout.directory)
    for file in writer.files:
        begin = layout.offsets[file.name] + len(file.stored.header(AT))
        assert BagFile.of(file.name, written[begin : begin + file.size]) == file


def test_the_same_files_time_and_key_make_the_same_bytes():
    bags = []
    for _ in range(2):
        writer = BagWriter(info={}, at=AT)
        bags.append(writer.add("a.txt", b"1") + writer.finish(KEY))
    assert bags[0] == bags[1]


def test_names_times_and_checksums_are_read_by_others(tmp_path):
    file = StoredFile("资料/示例.txt", 6, zlib.crc32("示例".encode()))
    header = file.header(AT)
    path = tmp_path / "a.zip"
    path.write_bytes(header + "示例".encode() + directory([(file, 0)], AT, begin=len(header) + 6))
    with zipfile.ZipFile(path) as archive:
        (info,) = archive.infolist()
        assert (info.filename, info.date_time, archive.testzip()) == ("资料/示例.txt", (2025, 2, 28, 17, 30, 8), None)


def test_files_beyond_four_gigabytes_are_found(tmp_path):
    large, small = StoredFile("large", FIVE_GB, 0), StoredFile("small", 3, zlib.crc32(b"end"))
    offset = len(large.header(AT)) + FIVE_GB
    path = tmp_path / "large.zip"
    with path.open("wb") as file:  # sparse: the five gigabytes take no room
        file.write(large.header(AT))
        file.seek(offset)
        file.write(small.header(AT) + b"end")
        file.write(directory([(large, 0), (small, offset)], AT, begin=file.tell()))
    with zipfile.ZipFile(path) as archive:
        assert [(each.filename, each.file_size, each.header_offset) for each in archive.infolist()] == [
            ("large", FIVE_GB, 0),
            ("small", 3, offset),
        ]
        assert archive.read("small") == b"end"


def test_more_files_than_sixteen_bits_count_are_listed(tmp_path):
    files = [StoredFile(f"{number}", 0, 0) for number in range(65_536)]
    offsets, written = [], bytearray()
    for file in files:
        offsets.append(len(written))
        written += file.header(AT)
    end = directory(zip(files, offsets, strict=True), AT, begin=len(written))
    path = tmp_path / "many.zip"
    path.write_bytes(bytes(written) + end)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == 65_536
