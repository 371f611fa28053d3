"""Which members hold personal data or a secret: `x-sensitivity` of a member, by its name or by its place.

P1 internal, P2 personal, P3 sensitive personal data, `secret`: whoever holds it acts as its owner; never shown twice, never
logged, never kept in plain storage longer than needed. A member without a mark is public or says nothing about a person.
"""

from typing import Any

from services.contract_absence import reachable

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete")

BY_NAME = {
    "secret": (
        "access_token", "refresh_token", "password", "current_password", "new_password", "temporary_password", "client_secret",
        "one_time_code", "recovery_codes", "otpauth_uri", "invitation_code", "qr_text", "scene", "phone_code", "link_code",
        "sheet_key", "receipt_code",
    ),
    "P3": ("resident_id_number", "image_base64"),
    "P2": (
        "full_name", "person_name", "name_starts", "phone", "phone_masked", "officer_name", "viewer_name", "from_name", "to_name",
        "inspectors", "attendance", "enterprise_head",
    ),
    "P1": ("signer_name", "reviewer_name", "responsible_name", "handler_name", "username"),
}  # fmt: skip
BY_PLACE = {
    "AdmissionRequest.code": "secret",
    "EnrolmentAnswer.secret": "secret",
    "GrantedUploadForm.grant": "secret",
    "HandOver.code": "secret",
    "HandOverCodeBody.code": "secret",
    "InvitationAnswer.link": "secret",
    "LinkAnswer.url": "secret",
    "SentAgain.link": "secret",
    "SheetOpening.code": "secret",
    "UploadGrantAnswer.grant": "secret",
    "UploadGrantBody.grant": "secret",
    "WebhookEndpointSecret.secret": "secret",
    "WechatSignIn.code": "secret",
    "CardCheckForm.file": "P3",
    "Correction.form": "P3",
    "DocumentUploadForm.file": "P3",
    "GrantedUploadForm.file": "P3",
    "ImportForm.file": "P3",
    "ImportResult.marked_base64": "P3",
    "ImportRow.name": "P2",
    "NewNomination.form": "P3",
    "NominationBody.form": "P3",
    "ObjectionBody.content": "P3",
    "NewObjection.content": "P3",
    "PhotoCheckForm.file": "P3",
    "PhotoFixForm.file": "P3",
    "SavedNomination.form": "P3",
    "SummaryTable.rows": "P3",
    "UploadChunkForm.file": "P3",
    "CaseToAskAbout.name": "P2",
    "ContactFormBody.form": "P2",
    "DeviceAnswer.address": "P2",
    "NewObjection.name": "P2",
    "NewObjection.contact": "P2",
    "NominationBody.name": "P2",
    "NominationRow.name": "P2",
    "ObjectionBody.name": "P2",
    "ObjectionBody.contact": "P2",
    "SavedContactForm.form": "P2",
    "SheetForm.file": "P2",
    "WorkItem.name": "P2",
    "WorkingGroupPerson.name": "P0",
}
_MARK_OF = {member: mark for mark, members in BY_NAME.items() for member in members}


def mark_sensitivity(document: Document) -> None:
    """What anybody may read is public: its members stay without a mark, unless they are secrets."""
    schemas: Document = document["components"].get("schemas", {})
    public = _only_public(document, schemas)
    for name, schema in schemas.items():
        for key, member in schema.get("properties", {}).items():
            mark = BY_PLACE.get(f"{name}.{key}", _MARK_OF.get(key))
            if mark and (mark == "secret" or name not in public):
                member["x-sensitivity"] = mark


def _only_public(document: Document, schemas: Document) -> set[str]:
    """Schemas that stand in public reads and nowhere else."""
    operations = [
        (method, item[method]) for item in document["paths"].values() for method in _METHODS if method in item
    ]
    public: list[Document] = []
    others: list[Document] = []
    for method, each in operations:
        is_public = method == "get" and each.get("x-audience", {}).get("data_class") == "P0"
        (public if is_public else others).append(each)
    return reachable(schemas, public) - reachable(schemas, others)
