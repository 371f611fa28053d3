"""What is refused about consents and people's requests about their data."""

from services.common.problems import (
    Conflict,
    FieldError,
    Unprocessable,
)
from services.common.text import Bilingual


class PurposeUnknown(Unprocessable):
    code = "purpose_unknown"
    title = Bilingual("告知书中没有这一处理目的", "The privacy notice names no such purpose")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/purpose", self.code, self.title.zh, self.title.en)])


class ConsentNotAsked(Conflict):
    code = "consent_not_asked"
    title = Bilingual(
        "这一处理以履行法定职责为依据，不需要也不能以同意为依据",
        "This purpose rests on a duty by law; nobody is asked to consent to it",
    )


class ConsentAskedElsewhere(Conflict):
    code = "consent_asked_each_time"
    title = Bilingual("这一事项须在办理时逐次同意", "Consent to this is asked each time, on the very words")


class ConsentNotGiven(Conflict):
    code = "consent_not_given"
    title = Bilingual("目前没有这一事项的同意，不需要撤回", "There is no consent in force to withdraw")


class NoticeOutdated(Conflict):
    code = "privacy_notice_outdated"
    title = Bilingual(
        "告知书已更新，请重新阅读后再同意", "The notice has another text by now; read it before you agree"
    )


class TooManyOpenRequests(Conflict):
    code = "too_many_open_requests"
    title = Bilingual("您有多项申请正在办理，请等待答复", "Several of your requests wait for an answer")


class RequestDecided(Conflict):
    code = "request_decided"
    title = Bilingual("该申请已办理", "The request has been decided")


class OwnRequest(Conflict):
    code = "own_request"
    title = Bilingual("不能办理自己提出的申请", "Nobody decides their own request")
