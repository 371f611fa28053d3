"""Which job does what."""

from functools import partial

from services.nominations.contact_form_mailing import mail_contact_form
from services.nominations.context import Context
from services.nominations.event_queue import DELIVER, DIGEST, MAIL_CONTACT_FORM, PREPARE_PACKAGE, PUSH, SERVICES, TELL
from services.nominations.jobs import Work
from services.nominations.package_preparing import forget_old_packages, prepare_package
from services.nominations.pushing import mail_digest, push
from services.nominations.reminding import remind
from services.nominations.sealing_cases import seal_every_campaign
from services.nominations.settling_publicity import settle_publicity
from services.nominations.telling import tell
from services.nominations.telling_services import tell_services
from services.nominations.webhook_delivery import deliver


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
