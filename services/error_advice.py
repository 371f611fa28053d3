"""What to do about single codes, where the advice of their family would mislead."""

from collections.abc import Mapping

_SWITCHED_OFF = "this installation does not have it: hide the way that leads here"
_FIND_IT = "it is there already: "

ADVICE: Mapping[str, str] = {
    "already_bound": "go on to sign in",
    "bundle_frozen": "hide the upload; it opens when the case is returned",
    "chunk_differs": "another file: abandon this upload and begin a new one",
    "city_list_exists": _FIND_IT + "`GET /v1/city-lists`",
    "consent_not_asked": "show no box for this purpose",
    "consultation_link_invalid": "let the person check the link; the office can send another",
    "county_report_exists": _FIND_IT + "`GET /v1/county-reports`",
    "credentials_wrong": "let the person try again",
    "document_count_reached": "offer to replace or take back one of those that are there",
    "email_off": _SWITCHED_OFF,
    "email_refused": "let the person check the address",
    "email_unsure": "ask whether it came before sending again",
    "form_not_found": "ask the campaign which forms it has",
    "package_not_ready": "ask `GET /v1/packages/{package_id}` again in two seconds",
    "package_outdated": "prepare it anew",
    "package_part_unknown": "ask for the plan again",
    "passkeys_off": _SWITCHED_OFF,
    "person_suspended": "show it; only an administrator helps",
    "phone_of_several": "ask for the name and send it as `full_name`",
    "privacy_notice_outdated": "show the new text and ask again",
    "proposal_changed": "read the proposal again, show it, and let the person second that one",
    "second_factor_enrolled": "remove the one that is there first",
    "second_factor_required": "ask for the one-time code and send everything again with it",
    "second_person_needed": "hide the button from whoever proposed; another person presses it",
    "step_required": "do the steps that `required_steps` names at auth, refresh, repeat",
    "text_messages_off": _SWITCHED_OFF,
    "thumbnail_unavailable": "open the file itself, or have it uploaded anew",
    "too_many_credentials": "revoke one first",
    "too_many_open_uploads": "finish some of `GET /v1/documents/uploads`, or `DELETE` them",
    "too_many_passkeys": "remove one first",
    "too_many_webhook_endpoints": "remove one first",
    "upload_finished": "read the upload: its `document` is the file",
    "upload_grant_invalid": "ask for another grant with the receipt, or open the sheet again",
    "upload_incomplete": "read the upload and send what `missing` names",
    "username_taken": "let the person choose another name",
    "wechat_not_bound": "ask for the invitation code",
}
