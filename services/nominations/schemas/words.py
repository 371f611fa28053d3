"""The states that front ends show, each a word of a closed list. Their Chinese: `labels.py`, and beside them in answers."""

from itertools import chain
from typing import Annotated

from services.common.answers.closed_lists import one_of
from services.nominations.domain.consultation import OPINION_SOURCES
from services.nominations.domain.notifications import Reminder
from services.nominations.domain.unit_procedure import RECORD_KINDS
from services.nominations.domain.workflow import Action, Event, Status
from services.nominations.labels import STAGE
from services.nominations.reporting.mailing_tables import MAILING_STATES

StageWord = Annotated[str, one_of("CaseStage", STAGE)]
StatusWord = Annotated[str, one_of("Status", Status)]
ActionWord = Annotated[str, one_of("CaseAction", Action)]
EventWord = Annotated[str, one_of("Event", Event)]
DeliveredWord = Annotated[str, one_of("DeliveredEvent", chain(Event, ("ping",)))]
ToldWord = Annotated[str, one_of("ToldKind", chain(Event, Reminder))]
RecordWord = Annotated[str, one_of("UnitRecordKind", RECORD_KINDS)]
OpinionWord = Annotated[str, one_of("OpinionResult", ("favourable", "unfavourable", "not_applicable"))]
OpinionSourceWord = Annotated[str, one_of("OpinionSource", OPINION_SOURCES)]
ObjectionOutcomeWord = Annotated[str, one_of("ObjectionResult", ("substantiated", "unsubstantiated", "not_accepted"))]
MisconductOutcomeWord = Annotated[str, one_of("MisconductResult", ("substantiated", "unsubstantiated"))]
AwardWord = Annotated[str, one_of("AwardStatus", ("granted", "revoked"))]
MailingWord = Annotated[str, one_of("MailingState", MAILING_STATES)]
ChannelWord = Annotated[str, one_of("PushChannel", ("wechat", "sms", "email", "none"))]
SendingWord = Annotated[str, one_of("PushState", ("sent", "failed", "refused", "unknown", "no_channel"))]
