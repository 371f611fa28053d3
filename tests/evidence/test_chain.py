from dataclasses import replace

import pytest

from services.evidence.chain import GENESIS, ChainedEvent, first_broken, link


def chain(length: int) -> list[ChainedEvent]:
    events, previous = [], GENESIS
    for sequence in range(1, length + 1):
        canonical = f'{{"previous_hash":"{previous}","sequence":{sequence}}}'.encode()
        events.append(ChainedEvent(sequence, previous, canonical, link(canonical)))
        previous = events[-1].hash
    return events


def test_an_untouched_chain_holds():
    assert first_broken(chain(5)) is None


def test_a_changed_byte_is_found_at_its_event():
    events = chain(5)
    events[2] = replace(events[2], canonical=events[2].canonical.replace(b"3", b"4"))
    assert first_broken(events) == 3


def test_an_event_rewritten_with_a_fitting_hash_breaks_the_next():
    events = chain(5)
    forged = events[2].canonical.replace(b"3", b"8")
    events[2] = replace(events[2], canonical=forged, hash=link(forged))
    assert first_broken(events) == 4


@pytest.mark.parametrize("missing", range(4))
def test_a_missing_event_is_found_where_it_is_missing(missing):
    events = chain(5)
    del events[missing]
    assert first_broken(events) == missing + 1


def test_two_events_in_the_wrong_order_are_found():
    events = chain(4)
    events[1], events[2] = events[2], events[1]
    assert first_broken(events) == 2


def test_an_event_counted_wrongly_is_found_although_every_hash_fits():
    events = chain(3)
    events[1] = replace(events[1], sequence=3)
    assert first_broken(events) == 2
