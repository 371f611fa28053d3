"""Thin routes: parse, call one use case, answer."""

from services.nominations.routes.audit import audit_routes
from services.nominations.routes.awards import award_routes
from services.nominations.routes.bulk import bulk_routes
from services.nominations.routes.campaign_course import campaign_course_routes
from services.nominations.routes.campaigns import campaign_routes
from services.nominations.routes.case_content import case_content_routes
from services.nominations.routes.case_forms import case_form_routes
from services.nominations.routes.changes import change_routes
from services.nominations.routes.city_lists import city_list_routes
from services.nominations.routes.consultation_sheets import consultation_sheet_routes
from services.nominations.routes.consultations import consultation_routes
from services.nominations.routes.contact_forms import contact_form_routes
from services.nominations.routes.county_reports import county_report_routes
from services.nominations.routes.declarations import declaration_routes
from services.nominations.routes.evidence import evidence_routes
from services.nominations.routes.lists import list_routes
from services.nominations.routes.misconduct import misconduct_routes
from services.nominations.routes.nomination_imports import nomination_import_routes
from services.nominations.routes.nominations import nomination_routes
from services.nominations.routes.notifications import notification_routes
from services.nominations.routes.objections import objection_routes
from services.nominations.routes.opinion_batches import opinion_batch_routes
from services.nominations.routes.own_data import own_data_routes
from services.nominations.routes.packages import package_routes
from services.nominations.routes.procedure import procedure_routes
from services.nominations.routes.publicity import publicity_routes
from services.nominations.routes.receipts import receipt_routes
from services.nominations.routes.report_proposals import report_proposal_routes
from services.nominations.routes.sealed_scans import sealed_scan_routes
from services.nominations.routes.stories import story_routes
from services.nominations.routes.webhooks import webhook_routes

ROUTERS = (
    campaign_routes,
    list_routes,
    nomination_routes,
    nomination_import_routes,
    case_content_routes,
    bulk_routes,
    change_routes,
    procedure_routes,
    case_form_routes,
    sealed_scan_routes,
    opinion_batch_routes,
    consultation_routes,
    consultation_sheet_routes,
    publicity_routes,
    county_report_routes,
    report_proposal_routes,
    receipt_routes,
    declaration_routes,
    contact_form_routes,
    city_list_routes,
    objection_routes,
    award_routes,
    evidence_routes,
    package_routes,
    campaign_course_routes,
    misconduct_routes,
    story_routes,
    notification_routes,
    own_data_routes,
    webhook_routes,
    audit_routes,
)
