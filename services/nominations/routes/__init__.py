"""Thin routes: parse, call one use case, answer."""

from services.nominations.routes.campaigns import campaign_routes
from services.nominations.routes.case_forms import case_form_routes
from services.nominations.routes.county_reports import county_report_routes
from services.nominations.routes.nominations import nomination_routes
from services.nominations.routes.procedure import procedure_routes
from services.nominations.routes.publicity import publicity_routes

ROUTERS = (
    campaign_routes,
    nomination_routes,
    procedure_routes,
    case_form_routes,
    publicity_routes,
    county_report_routes,
)
