"""Which job does what."""

from collections.abc import Awaitable, Callable
from functools import partial

from services.nominations.context import Context
from services.nominations.notifications.event_queue import (
    DELIVER,
    DIGEST,
    FORGET,
    MAIL_CONTACT_FORM,
    PREPARE_PACKAGE,
    PUSH,
    REMIND,
    SEAL,
    SERVICES,
    SETTLE,
    TELL,
    put_morning_out,
)
from services.nominations.notifications.jobs import Work
from services.nominations.notifications.pushing import mail_digest, push
from services.nominations.notifications.reminding import remind
from services.nominations.notifications.telling import tell
from services.nominations.notifications.telling_services import tell_services
from services.nominations.notifications.webhook_delivery import deliver
from services.nominations.packages.package_preparing import forget_old_packages, prepare_package
from services.nominations.packages.sealing_cases import seal_every_campaign
from services.nominations.publicity.settling_publicity import settle_publicity
from services.nominations.reporting.contact_form_mailing import mail_contact_form


def work_of(context: Context) -> Work:
    async def every_morning() -> None:
        async with context.database.transaction() as session:
            await put_morning_out(session)

    handlers = {
        TELL: partial(tell, context),
        PUSH: partial(push, context),
        DIGEST: partial(mail_digest, context),
        DELIVER: partial(deliver, context),
        MAIL_CONTACT_FORM: partial(mail_contact_form, context),
        PREPARE_PACKAGE: partial(prepare_package, context),
        SERVICES: partial(tell_services, context),
        SETTLE: partial(_without_payload, settle_publicity, context),
        REMIND: partial(_without_payload, remind, context),
        SEAL: partial(_without_payload, seal_every_campaign, context),
        FORGET: partial(_without_payload, forget_old_packages, context),
    }
    return Work(handlers, every_morning)


async def _without_payload(do: Callable[[Context], Awaitable[object]], context: Context, _payload: str) -> None:
    await do(context)
