"""Chunks lie on a grid."""

import pytest

from services.documents.domain.chunk_grid import ChunkGrid, Span

GRID = ChunkGrid(byte_count=25, chunk_bytes=10)


@pytest.mark.parametrize(("offset", "number"), [(0, 0), (10, 1), (20, 2), (30, None), (5, None), (-10, None)])
def test_a_chunk_begins_at_a_multiple_of_its_size_within_the_file(offset, number):
    assert GRID.number_at(offset) == number


def test_every_chunk_has_the_same_length_and_the_last_one_the_rest():
    assert [GRID.length_of(number) for number in range(GRID.chunks)] == [10, 10, 5]
    assert ChunkGrid(20, 10).length_of(1) == 10


def test_neighbours_are_joined_and_gaps_are_named():
    assert (GRID.spans([2, 0, 1]), GRID.spans([0, 2])) == ([Span(0, 24)], [Span(0, 9), Span(20, 24)])
    assert (GRID.missing([1]), GRID.missing([0, 1, 2])) == ([Span(0, 9), Span(20, 24)], [])
