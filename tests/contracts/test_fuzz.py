"""No request, right or wrong, gets an answer that the contract does not describe. `make fuzz` asks longer."""

import os
import time

import pytest

from tests.contracts.conftest import LiveServer
from tests.contracts.fuzzing import Fuzz
from tests.the_contract import the_contract

EXAMPLES = int(os.environ.get("XIANJIN_FUZZ_EXAMPLES", "2"))
SECONDS = int(os.environ.get("XIANJIN_FUZZ_SECONDS", "90"))


@pytest.fixture(scope="module")
def fuzz(live_server: LiveServer) -> Fuzz:
    contract = the_contract()
    seed = int(os.environ.get("XIANJIN_FUZZ_SEED", "1"))
    fuzz = Fuzz(live_server.url, contract, EXAMPLES, until=time.monotonic() + SECONDS, seed=seed)
    fuzz.run()
    return fuzz


def test_every_answer_is_one_that_the_contract_describes(fuzz):
    assert fuzz.failures == {}


def test_the_run_got_through_to_the_procedure(fuzz):
    """An all-refusing server would pass the test above."""
    assert len(fuzz.reached) > 40


def test_requests_went_on_with_what_earlier_ones_had_made(fuzz):
    """Otherwise only the ids that the run began with are ever reached."""
    assert len(fuzz.continued) > 10, sorted(fuzz.continued)
