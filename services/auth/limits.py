"""How much of what auth allows: by person, by address. Offices and phone networks share addresses, so those are wide."""

from datetime import timedelta

from services.common.limits.rate_limits import Limit

SIGN_IN_BY_ADDRESS = Limit("sign_in_by_address", burst=300, every=timedelta(seconds=2))
"""Failures and attempts in hand only: a success gives its unit back."""
SIGN_IN_BY_ACCOUNT = Limit("sign_in_by_account", burst=50, every=timedelta(seconds=60), told=False)
"""From addresses where the account never signed in before, all of them together: told, it would say where it did."""
WECHAT_BY_ADDRESS = Limit("wechat_by_address", burst=600, every=timedelta(milliseconds=200))
REDEEM_BY_ADDRESS = Limit("redeem_by_address", burst=60, every=timedelta(seconds=10))
"""Wrong invitation codes; a right one gives its unit back."""
REDEEM_BY_PERSON = Limit("redeem_by_person", burst=10, every=timedelta(seconds=60))
REFRESH_BY_ADDRESS = Limit("refresh_by_address", burst=600, every=timedelta(milliseconds=100))
REFRESH_BY_TOKEN = Limit("refresh_by_token", burst=30, every=timedelta(seconds=10))
SECOND_FACTOR_BY_PERSON = Limit("second_factor_by_person", burst=10, every=timedelta(seconds=60))
TEXT_CODE_BY_ADDRESS = Limit("sms_by_address", burst=60, every=timedelta(seconds=30))
TEXT_CODE_BY_PHONE = Limit("sms_by_phone", burst=10, every=timedelta(minutes=10), told=False)
TEXT_CODE_AGAIN = Limit("sms_again", burst=1, every=timedelta(seconds=60))
"""By phone and address together: a stranger elsewhere does not make the owner wait."""
TEXT_CODE_TRIES_BY_ADDRESS = Limit("sms_tries_by_address", burst=100, every=timedelta(seconds=6))
"""Wrong codes; a right one gives its unit back."""
PASSKEY_BY_ADDRESS = Limit("passkey_by_address", burst=600, every=timedelta(seconds=1))
"""Challenges given, and answers; a right one gives its unit back."""
MACHINES_BY_ADDRESS = Limit("machines_by_address", burst=60, every=timedelta(seconds=1))
EMAIL_CODES_BY_PERSON = Limit("email_codes_by_person", burst=5, every=timedelta(minutes=10))
EMAIL_CODES_BY_ADDRESS = Limit("email_codes_by_address", burst=5, every=timedelta(minutes=10), told=False)
"""By mailbox, whoever asks."""
ADMISSION_BY_ADDRESS = Limit("admission_by_address", burst=60, every=timedelta(seconds=10))
ADMISSION_BY_PERSON = Limit("admission_by_person", burst=5, every=timedelta(minutes=10))
REDEEM_ON_WEB_BY_ADDRESS = Limit("redeem_on_web_by_address", burst=30, every=timedelta(seconds=20))
"""Wrong codes; a right one gives its unit back."""
REDEEM_ON_WEB_BY_PERSON = Limit("redeem_on_web_by_person", burst=30, every=timedelta(seconds=20))
"""Right codes: a username or a password that is refused costs the invited person alone."""
