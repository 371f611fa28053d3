"""Who may call each route of documents, and which rows they reach."""

from services.common.callers.audiences import Audiences, as_coded, by_procedure, public, signed_in
from services.documents.queries import CASE_SIDE

_SIDE = ("nominee", CASE_SIDE)
_OFFICERS = ("county_officer", "city_officer")
_READERS = (*_SIDE, "unit_head", "county_officer", "county_reviewer", "city_officer", "city_reviewer", "service")
_READ = "本人、本单位；报到本县、本市后由材料种类规定的人员 own, own unit's; offices from hand-over on, by the kind's readers"
_FILL = "本人、本单位；受理机构补充材料 own, own unit's; the office in charge adds"
_OWN = "本人的上传 the caller's own uploads"
_NOTHING_KEPT = "不保存 nothing is stored"

AUDIENCES: Audiences = {
    "list_document_kinds": public("活动规则 the campaign's rules"),
    "open_document_link": public("持链接者，十分钟 whoever holds the link, for ten minutes; as its maker would see it"),
    "check_photo": signed_in(_NOTHING_KEPT, "P3"),
    "fix_photo": signed_in(_NOTHING_KEPT, "P3"),
    "check_card": signed_in(_NOTHING_KEPT, "P3"),
    "create_granted_document": public("持上传凭证者，只写 whoever holds the grant; written, not read"),
    "create_upload_grant": as_coded("全部 all"),
    "get_bundle": by_procedure(*_READERS, rows=_READ),
    "list_erased_papers": by_procedure(*_READERS, rows=_READ, data="P2"),
    "get_document": by_procedure(*_READERS, rows=_READ),
    "get_document_content": by_procedure(*_READERS, rows=_READ, data="P3"),
    "get_document_thumbnail": by_procedure(*_READERS, rows=_READ, data="P3"),
    "create_document_link": by_procedure(*_READERS, rows=_READ),
    "list_own_papers": signed_in("本人 the caller's own", "P2"),
    "list_views_of_own_papers": signed_in("本人 the caller's own", "P2"),
    "list_document_views": by_procedure(
        *_SIDE, rows="材料本人；集体为本单位 the person it is about; a collective's clerk"
    ),
    "withdraw_own_document": by_procedure(*_SIDE, *_OFFICERS, rows=_FILL),
    "create_document": by_procedure(*_SIDE, *_OFFICERS, rows=_FILL),
    "create_upload": by_procedure(*_SIDE, *_OFFICERS, rows=_FILL),
    "list_uploads": signed_in(_OWN, "P2"),
    "get_upload": by_procedure(*_SIDE, *_OFFICERS, rows=_OWN),
    "create_upload_chunk": by_procedure(*_SIDE, *_OFFICERS, rows=_OWN),
    "complete_upload": by_procedure(*_SIDE, *_OFFICERS, rows=_OWN),
    "abandon_open_upload": by_procedure(*_SIDE, *_OFFICERS, rows=_OWN),
    "list_document_audit_events": as_coded("材料服务全部安全日志 the whole security log of documents", "P2"),
    "export_document_audit_events": as_coded("材料服务全部安全日志 the whole security log of documents", "P2"),
    "register_bundle": as_coded("全部 all"),
    "set_bundle_state": as_coded("全部 all"),
    "compare_card_copies": as_coded("全部 all"),
    "set_campaign_event": as_coded("全部 all"),
}
