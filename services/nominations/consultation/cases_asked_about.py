"""`required_opinions` and `asked_at` in SQL: which rows of a campaign an authority must be asked about (R80–R82, R196)."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, case, false, or_

from services.nominations.domain.campaign import Campaign, Category
from services.nominations.domain.consultation import ConsultationRow
from services.nominations.tables import Nomination


def asked_about(versions: Iterable[Campaign], authority: str, stage: str) -> ColumnElement[bool]:
    """Each case by the version that it began with. What the city collects, a county need not ask (R201)."""
    return or_(
        false(),
        *(
            and_(Nomination.campaign_version == campaign.version, _asked(campaign, authority))
            for campaign in versions
            if stage == "city" or authority not in campaign.city_collected
        ),
    )


def _asked(campaign: Campaign, authority: str) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(Nomination.category == category.key, _first_row_asks(category, campaign.consultation, authority))
            for category in campaign.categories
        ),
    )


def _first_row_asks(category: Category, matrix: Iterable[ConsultationRow], authority: str) -> ColumnElement[bool]:
    rows = [row for row in matrix if row.subject == category.subject]
    if not rows:
        return false()
    return case(*((_fits(row, category), authority in row.authorities) for row in rows), else_=False)


def _fits(row: ConsultationRow, category: Category) -> ColumnElement[bool]:
    of_nature: ColumnElement[bool] = Nomination.form[category.nature_field].as_string().in_(row.natures)
    if row.enterprise_head is None:
        return of_nature
    return and_(of_nature, Nomination.for_enterprise.is_(row.enterprise_head))
