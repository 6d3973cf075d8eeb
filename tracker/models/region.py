"""Where a requisition counts its business days: country, subdivision, zone, weekend, closed days and known years."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base


class ClosedDaySource(StrEnum):
    """Who says that a day is closed."""

    PUBLIC_HOLIDAY = "public_holiday"
    COMPANY = "company"


class YearState(StrEnum):
    """Whether the public holidays of a year are known, and from whom."""

    FILLED = "filled"  # by the holidays package
    ENTERED = "entered"  # by a person, who says that the year is complete
    UNKNOWN = "unknown"  # the package did not know them when it was asked


class Region(Base):
    """A calendar of business days. ``weekend`` holds the weekday numbers (Monday is 0), e.g. "56"."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str]
    subdivision: Mapped[str | None]
    zone: Mapped[str]
    weekend: Mapped[str] = mapped_column(default="56")
    is_active: Mapped[bool] = mapped_column(default=True)
    # Changed with every change of the calendar, and never the same twice: a calendar in memory is known by it.
    calendar_token: Mapped[str] = mapped_column(default=lambda: uuid4().hex)
    version: Mapped[int] = mapped_column(default=1)

    closed_days: Mapped[list["ClosedDay"]] = relationship(
        back_populates="region", cascade="all, delete-orphan", order_by="ClosedDay.on"
    )
    years: Mapped[list["RegionYear"]] = relationship(
        back_populates="region", cascade="all, delete-orphan", order_by="RegionYear.year"
    )
    __mapper_args__ = {"version_id_col": version}

    def calendar_changed(self) -> None:
        """Say that weekend, zone, closed days or years changed: calendars in memory are then read anew."""
        self.calendar_token = uuid4().hex


class ClosedDay(Base):
    """One day on which a region does no business; pre-filled with public holidays, kept by an admin."""

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("region_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    on: Mapped[date]
    name: Mapped[str]
    source: Mapped[ClosedDaySource]

    region: Mapped[Region] = relationship(back_populates="closed_days")


class RegionYear(Base):
    """One year of a region, and what the holidays package said of it when it was filled in or last looked at.

    ``said`` holds dates in ISO 8601 with their names, so that a later release of the package shows its difference
    whatever an admin did with the days since. ``release`` is the package's then.
    """

    __tablename__ = "region_year"
    __table_args__ = (UniqueConstraint("region_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    year: Mapped[int]
    state: Mapped[YearState]
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    release: Mapped[str]

    region: Mapped[Region] = relationship(back_populates="years")
