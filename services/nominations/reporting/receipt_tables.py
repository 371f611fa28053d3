"""What the city has received of a county's report, on paper and as files (R121–R122)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base


class MaterialReceipt(Base):
    """One item of a report. Counted again it is corrected; who counted last stands beside it."""

    __tablename__ = "material_receipts"
    __table_args__ = (CheckConstraint("paper_copies BETWEEN 0 AND 99", name="paper_copies_are_counted"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.county_reports.id"), primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    """A form's key, or a case's id for its approval form; with `:` and a form's key for its opinion sheet."""
    paper_copies: Mapped[int] = mapped_column(Integer)
    electronic: Mapped[bool]
    noted_by: Mapped[UUID]
    noted_by_name: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(INSTANT)
