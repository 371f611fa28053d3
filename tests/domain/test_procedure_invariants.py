"""Random legal and illegal commands never break what must always hold: a stateful test over the rules themselves."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services.nominations.domain.facts import Actor, CaseFacts
from services.nominations.domain.permissions import BUREAUS, blockers
from services.nominations.domain.quotas import Movement, SeatUse, movements_between, replay, seat_use
from services.nominations.domain.workflow import Action, Role, Status, stage_after, transition_for

PATH = ("unit", "county", "city")
SEATS = 2
FIRST_DAY = date(2025, 2, 7)
FORWARD = frozenset({Action.SIGN_FOR_UNIT, Action.ENDORSE, Action.REPORT, Action.LIST, Action.RANK})
RECORDS = {
    Action.RECORD_STAFF_DELIBERATION: "staff_deliberation",
    Action.RECORD_INSPECTION: "inspection",
    Action.RECORD_LEADERSHIP_DECISION: "leadership_decision",
    Action.RECORD_SELF_REVIEW: "self_review",
}
ORGANISATIONS = {Role.UNIT_CLERK: "unit-1", Role.UNIT_HEAD: "unit-1"}
PEOPLE = tuple(
    Actor(
        f"{role.value} {bureau}",
        "unit-1" if role.value.startswith("unit") else "office-1",
        "140922",
        bureau,
        frozenset({role}),
    )
    for role in Role
    for bureau in (BUREAUS if "reviewer" in role.value else ("",))
)


@dataclass
class Model:
    """One case as the use cases would keep it, and the ledger of its seat."""

    facts: CaseFacts
    ledger: list[Movement] = field(default_factory=list)
    history: list[tuple[Action, CaseFacts]] = field(default_factory=list)


class Procedure(RuleBasedStateMachine):
    """Several cases of one county that compete for its seats."""

    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.models: list[Model] = []
        self.today = FIRST_DAY

    @rule(target=cases)
    def open_case(self) -> Model:
        parts = frozenset({"nominee", "unit"})
        facts = CaseFacts(
            "unit", Status.DRAFT, "unit-1", "140922", None, self.today, asked_parts=parts, confirmed_parts=parts
        )
        model = Model(facts)
        self.models.append(model)
        return model

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(model=cases, open_ones=st.integers(0, 1))
    def objection(self, model: Model, open_ones: int) -> None:
        model.facts = replace(model.facts, open_objections=open_ones)

    @rule(model=cases, who=st.sampled_from(PEOPLE), action=st.sampled_from(Action))
    def command(self, model: Model, who: Actor, action: Action) -> None:
        case = replace(model.facts, today=self.today)
        if blockers(action, actor=who, case=case):
            return
        if action is Action.SUBMIT and self.seats_in_use() >= SEATS and not self.holds_seat(model):
            return
        model.history.append((action, case))
        self.take(model, who, action, case)

    def take(self, model: Model, who: Actor, action: Action, case: CaseFacts) -> None:
        row = transition_for(action, case.stage)
        assert row is not None
        after = self.noted(case, who, action)
        both = after.signed_bureaus >= set(BUREAUS)
        if row.target is not None and (both or not row.every_box):
            stage = stage_after(row.move, case.stage, PATH)
            moved = replace(after, stage=stage, status=row.target)
            if stage != case.stage:
                moved = replace(moved, signed_bureaus=frozenset())
            before = seat_use(case.stage, case.status, PATH)
            model.ledger += movements_between(before, seat_use(stage, row.target, PATH))
            after = moved
        model.facts = after

    def noted(self, case: CaseFacts, who: Actor, action: Action) -> CaseFacts:
        """What the commands write beside the status."""
        signers = case.signers | {who.person_id}
        closes_on = self.today + timedelta(days=6)
        nothing_signed = {"signed_bureaus": frozenset(), "signers": frozenset()}
        nothing_shown = {"publicity_closes_on": None, "city_publicity_closes_on": None}
        written = {
            Action.OPEN_PUBLICITY: {"publicity_closes_on": closes_on},
            Action.OPEN_CITY_PUBLICITY: {"city_publicity_closes_on": closes_on},
            Action.SIGN_FOR_UNIT: {"signers": signers},
            Action.ENDORSE: {"signed_bureaus": case.signed_bureaus | {who.bureau}, "signers": signers},
            Action.RETURN: nothing_signed | nothing_shown,
            Action.REJECT: nothing_signed | nothing_shown,
        } | {step: {"records": case.records | {kind}} for step, kind in RECORDS.items()}
        return replace(case, **written.get(action, {}))

    @staticmethod
    def holds_seat(model: Model) -> bool:
        return seat_use(model.facts.stage, model.facts.status, PATH) is not SeatUse.NONE

    def seats_in_use(self) -> int:
        return sum(map(self.holds_seat, self.models))

    @invariant()
    def the_ledger_gives_what_stands(self) -> None:
        for model in self.models:
            account = replay([Movement.GRANT, *model.ledger])
            stands = seat_use(model.facts.stage, model.facts.status, PATH)
            seats = {"reserved": account.reserved, "consumed": account.consumed, "forfeited": account.forfeited}
            assert {place for place, count in seats.items() if count} == {stands.value} - {"none"}

    @invariant()
    def no_more_seats_are_in_use_than_there_are(self) -> None:
        assert self.seats_in_use() <= SEATS

    @invariant()
    def nothing_went_forward_with_an_open_objection(self) -> None:
        assert [a for m in self.models for a, case in m.history if a in FORWARD and case.open_objections] == []

    @invariant()
    def nothing_left_the_unit_before_its_publicity_was_over(self) -> None:
        signed = [case for m in self.models for a, case in m.history if a is Action.SIGN_FOR_UNIT]
        assert [
            case for case in signed if case.publicity_closes_on is None or case.today <= case.publicity_closes_on
        ] == []

    @invariant()
    def no_stage_was_skipped(self) -> None:
        for model in self.models:
            stages = [case.stage for _, case in model.history] + [model.facts.stage]
            jumps = [(a, b) for a, b in pairwise(stages) if PATH.index(b) > PATH.index(a) + 1]
            assert jumps == []

    @invariant()
    def both_bureaus_signed_whatever_the_county_reported(self) -> None:
        reported = [case for m in self.models for a, case in m.history if a is Action.REPORT]
        assert [case for case in reported if case.signed_bureaus != frozenset(BUREAUS)] == []


Procedure.TestCase.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
test_random_commands_never_break_the_procedure = Procedure.TestCase
