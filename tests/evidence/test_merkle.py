"""The Merkle tree: every leaf leads to the root, and nothing else does."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evidence.merkle import EMPTY_ROOT, leaf_hash, levels_of, path_in, root_from, root_of

LEAVES = [leaf_hash(bytes([number])) for number in range(9)]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256(b"").hexdigest()


def test_the_roots_of_rfc_6962_come_out():
    """The test vectors of the certificate transparency projects: leaves "", 00, 10, 2021, 3031, …"""
    texts = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [leaf_hash(bytes.fromhex(text)) for text in texts]
    roots = [root_of(leaves[:size]) for size in (1, 2, 3, 8)]
    assert roots == [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]


@given(size=st.integers(1, 70), data=st.data())
def test_every_leaf_leads_to_the_root_and_to_no_other_place(size, data):
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    elsewhere = data.draw(st.integers(0, size - 1))
    root, path = root_of(leaves), path_in(levels_of(leaves), index)
    assert root_from(leaves[index], index=index, size=size, path=path) == root
    assert (root_from(leaves[index], index=elsewhere, size=size, path=path) == root) == (elsewhere == index)


@pytest.mark.parametrize(("index", "steps"), [(-1, 0), (-1, 4), (9, 0), (9, 2)])
def test_a_place_outside_the_tree_has_no_root_however_long_its_path(index, steps):
    assert root_from(LEAVES[0], index=index, size=9, path=["00" * 32] * steps) is None


@pytest.mark.parametrize("index", [-1, 9])
def test_a_place_outside_the_tree_has_no_path(index):
    with pytest.raises(IndexError):
        path_in(levels_of(LEAVES), index)


def test_a_path_that_is_too_long_or_too_short_has_no_root():
    path = path_in(levels_of(LEAVES), 3)
    found = [root_from(LEAVES[3], index=3, size=9, path=each) for each in (path[:-1], [*path, path[0]])]
    assert found == [None, None]


def test_an_inner_node_does_not_pass_for_a_leaf():
    levels = levels_of(LEAVES[:2])
    assert leaf_hash(levels[0][0] + levels[0][1]) != levels[1][0]
