"""Regions: the list, a new one, and one with its closed days."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.models.region import ClosedDay, Region, YearState
from tracker.pipeline import region_years as year_verbs
from tracker.pipeline import regions as verbs
from tracker.pipeline.regions import RegionFacts
from tracker.queries import places, region_years
from tracker.queries import settings as queries
from tracker.queries.holidays import subdivisions, weekend
from tracker.queries.region_years import Difference
from tracker.rules.refused import Refused
from tracker.rules.words import counted
from tracker.rules.zones import LONG_WEEKDAYS, local_date
from tracker.web.admins import demand_admin
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, refused, session
from tracker.web.fields import BoxesField
from tracker.web.forms import LINE_LENGTH, Form, Words, ZoneName, one_line
from tracker.web.zones import choices_with, zone_choices

blueprint = Blueprint("regions", __name__)
blueprint.before_request(demand_admin)

WEEKDAYS = {str(weekday): name for weekday, name in enumerate(LONG_WEEKDAYS)}
WHOLE_COUNTRY = {"": "The whole country"}
WHO_ACCEPTS = "Recruiters see under Today which open deadlines would move, and accept it there."


class RegionForm(Form):
    """What can be changed of a region."""

    name = StringField("Name", [Words(LINE_LENGTH)], filters=[one_line])
    zone = SelectField("Time zone", [ZoneName()], choices=zone_choices, validate_choice=False)
    weekend = BoxesField("Weekend", coerce=int, choices=WEEKDAYS, default=[5, 6])
    is_active = BooleanField("In use: requisitions can be opened in it", default=True)


class NewRegionForm(RegionForm):
    """A region's place is chosen once: its holidays come from it."""

    country = SelectField("Country", choices=places.country_choices)
    subdivision = SelectField("Part of the country", validate_choice=False)


class ClosedDayForm(Form):
    """A day on which the company does no business."""

    on = DateField("Day", [InputRequired("Choose a day.")])
    name = StringField("What for", [Words(LINE_LENGTH)], filters=[one_line])


class VersionForm(Form):
    """A button: nothing but the version it was made from."""


@blueprint.get("/settings/regions")
def index() -> ResponseReturnValue:
    """List the regions."""
    rows = queries.regions(session())
    unknown = {row.region.id: region_years.unknown_years(row.region, clock.now()) for row in rows}
    return render_template("regions/index.html", regions=rows, place=_place, unknown=unknown)


@blueprint.get("/settings/regions/new")
def new() -> ResponseReturnValue:
    """Ask for the country first: its parts and its zone follow from it."""
    country = request.args.get("country", "")
    names = places.country_choices()
    if country not in names:
        return render_template("regions/country.html", countries=places.country_choices())
    zones = places.zones_of(country)
    zone = person().zone if person().zone in zones else next(iter(zones), person().zone)
    usual = sorted(weekend(country))
    form = NewRegionForm(formdata=None, country=country, name=names[country], zone=zone, weekend=usual)
    return _new_page(form)


@blueprint.post("/settings/regions/new")
@once
def create() -> ResponseReturnValue:
    """Add a region."""
    form = NewRegionForm()
    if form.validate_on_submit():
        try:
            place = {"country": form.country.data, "subdivision": form.subdivision.data or None}
            region = verbs.add(session(), _facts(form), **place, by=person(), now=clock.now())
            message = f"{region.name} has {counted(len(region.closed_days), 'public holiday')}. Add your own days."
            return done(url_for("regions.show", region_id=region.id), message)
        except Refused as error:
            refused(error, form)
    return _new_page(form), 422


@blueprint.get("/settings/regions/<id:region_id>")
def show(region_id: int) -> ResponseReturnValue:
    """Show one region and its closed days."""
    return _show_page(region_id)


@blueprint.post("/settings/regions/<id:region_id>")
@once
def edit(region_id: int) -> ResponseReturnValue:
    """Change a region."""
    region = queries.region(session(), region_id)
    form = RegionForm()
    if form.validate_on_submit():
        try:
            verbs.edit(session(), region, _facts(form), by=person(), now=clock.now(), version=form.seen)
            return done(url_for("regions.show", region_id=region_id), "Saved.")
        except Refused as error:
            refused(error, form)
    return _show_page(region_id, form=form), 422


@blueprint.post("/settings/regions/<id:region_id>/days")
@once
def add_day(region_id: int) -> ResponseReturnValue:
    """Add a closing day of the company."""
    region = queries.region(session(), region_id)
    form = ClosedDayForm(prefix="day")
    if form.validate_on_submit() and form.on.data:
        try:
            said = (form.on.data, form.name.data or "")
            verbs.add_closed_day(session(), region, *said, by=person(), now=clock.now(), version=form.seen)
            return done(_year_url(region_id, form.on.data.year), "The day is closed. " + WHO_ACCEPTS)
        except Refused as error:
            refused(error, form)
    return _show_page(region_id, day_form=form), 422


@blueprint.post("/settings/regions/<id:region_id>/days/<id:day_id>/remove")
@once
def remove_day(region_id: int, day_id: int) -> ResponseReturnValue:
    """Open a closed day again."""
    region = queries.region(session(), region_id)
    version = VersionForm().seen
    day = verbs.remove_closed_day(session(), region, day_id, by=person(), now=clock.now(), version=version)
    return done(_year_url(region_id, day.on.year), f"{day.name} is a business day again. " + WHO_ACCEPTS)


@blueprint.post("/settings/regions/<id:region_id>/years/<int(min=1,max=9999):year>/enter")
@once
def enter_year(region_id: int, year: int) -> ResponseReturnValue:
    """Say that the holidays of a year, which the package does not know, are entered."""
    region = queries.region(session(), region_id)
    version = VersionForm().seen
    year_verbs.enter_year(session(), region, year, by=person(), now=clock.now(), version=version)
    return done(_year_url(region_id, year), f"{year} is complete: nobody is warned of it any more.")


@blueprint.post("/settings/regions/<id:region_id>/differences")
@once
def accept_differences(region_id: int) -> ResponseReturnValue:
    """Take over those days that were ticked of what a newer release of the holidays package says otherwise."""
    region = queries.region(session(), region_id)
    chosen = {on for on in map(_day, request.form.getlist("on")) if on is not None}
    version = VersionForm().seen
    taken = year_verbs.accept(session(), region, chosen, by=person(), now=clock.now(), version=version)
    said = f"{counted(taken, 'day')} taken over. " + WHO_ACCEPTS
    return done(url_for("regions.show", region_id=region_id), said if taken else "The days stay as they are.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year_url(region_id: int, year: int) -> str:
    return url_for("regions.show", region_id=region_id, year=year)


def _facts(form: RegionForm) -> RegionFacts:
    return RegionFacts(
        name=form.name.data or "",
        zone=form.zone.data or "",
        weekend=frozenset(form.weekend.data or ()),
        is_active=form.is_active.data,
    )


def _place(region: Region) -> str:
    country = places.country_name(region.country)
    if not region.subdivision:
        return country
    return f"{country}, {dict(subdivisions(region.country)).get(region.subdivision, region.subdivision)}"


def _new_page(form: NewRegionForm) -> str:
    country = form.country.data or ""
    form.subdivision.choices = WHOLE_COUNTRY | dict(subdivisions(country))
    form.zone.choices = choices_with(form.zone.data or "")
    return render_template("regions/new.html", form=form, country=places.country_name(country))


def _show_page(region_id: int, form: RegionForm | None = None, day_form: ClosedDayForm | None = None) -> str:
    region = queries.region(session(), region_id)
    form = form or RegionForm(formdata=None, obj=region, weekend=[int(weekday) for weekday in region.weekend])
    form.zone.choices = choices_with(form.zone.data or "", region.zone)
    day_form = day_form or ClosedDayForm(formdata=None, prefix="day", version=region.version)
    year = request.args.get("year", type=int) or local_date(clock.now(), region.zone).year
    return render_template(
        "regions/show.html",
        region=region,
        place=_place(region),
        form=form,
        day_form=day_form,
        years=_by_year(region),
        unknown_years=region_years.unknown_years(region, clock.now()),
        differences=_differences(region),
        open_year=min(year, LARGEST_ID),
    )


def _by_year(region: Region) -> list[tuple[int, list[ClosedDay]]]:
    """Return every year that has closed days or is known, with its days."""
    found: dict[int, list[ClosedDay]] = {row.year: [] for row in region.years if row.state is not YearState.UNKNOWN}
    for day in region.closed_days:
        found.setdefault(day.on.year, []).append(day)
    return sorted((year, sorted(days, key=lambda day: day.on)) for year, days in found.items())


def _differences(region: Region) -> dict[int, list[Difference]]:
    try:
        return region_years.differences(region, clock.now())
    except LookupError:
        # A release dropped the place: what is entered stays.
        return {}
