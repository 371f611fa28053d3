"""Which job does what."""

from functools import partial

from services.nominations.context import Context
from services.nominations.notifications.event_queue import (
    DELIVER,
    DIGEST,
    MAIL_CONTACT_FORM,
    PREPARE_PACKAGE,
    PUSH,
    SERVICES,
    TELL,
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
        await settle_publicity(context)
        await remind(context)
        await seal_every_campaign(context)
        await forget_old_packages(context)

    handlers = {
        TELL: partial(tell, context),
        PUSH: partial(push, context),
        DIGEST: partial(mail_digest, context),
        DELIVER: partial(deliver, context),
        MAIL_CONTACT_FORM: partial(mail_contact_form, context),
        PREPARE_PACKAGE: partial(prepare_package, context),
        SERVICES: partial(tell_services, context),
    }
    return Work(handlers, every_morning)
