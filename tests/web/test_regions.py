"""Pages of regions."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.region import ClosedDay, Region

NEW = {
    "country": "DE",
    "subdivision": "BE",
    "name": "Berlin office",
    "zone": "Europe/Berlin",
    "weekend": ["5", "6"],
    "is_active": "y",
}


@pytest.fixture(autouse=True)
def admin(client: Client, world: World, at: TestClock) -> None:
    at.set(MONDAY)
    client.sign_in(world.admin())


def test_a_region_is_added_with_its_holidays(client: Client, session: Session) -> None:
    page = client.get("/settings/regions/new?country=DE").text
    assert 'value="Europe/Berlin"' in page
    assert "Bayern" in page
    answer = client.post("/settings/regions/new", data=NEW)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for words in ("Berlin office", "Germany, Berlin", "Good Friday", "Fri 3 Apr 2026"):
        assert words in page
    assert "Berlin office" in client.get("/settings/regions").text


@pytest.mark.parametrize(("country", "days"), [("DE", {"5", "6"}), ("IL", {"4", "5"})])
def test_the_weekend_is_the_country_s_own(client: Client, country: str, days: set[str]) -> None:
    page = client.get(f"/settings/regions/new?country={country}").text
    boxes = [box for box in page.split("<input ") if 'name="weekend"' in box]
    assert {box.split('value="')[1][0] for box in boxes if "checked" in box.split(">")[0]} == days


def test_an_unknown_country_is_asked_for_again(client: Client) -> None:
    assert 'name="country"' in client.get("/settings/regions/new?country=QQ").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "please fill this in"),
        ({"name": "x" * 301}, "300 is the most"),
        ({"zone": "Mars/North"}, "not a time zone"),
        ({"country": "QQ"}, "Not a valid choice"),
        ({"subdivision": "QQ"}, "No public holidays are known"),
        ({"weekend": list("0123456")}, "at least one day"),
        ({"weekend": ["9"]}, "not a valid choice"),
        ({"weekend": ["x"]}, "could not be coerced"),
        ({"name": "BERLIN"}, "already: choose another name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_added(
    client: Client, session: Session, world: World, changes: dict[str, object], said: str
) -> None:
    world.region("Berlin")
    answer = client.post("/settings/regions/new", data=NEW | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(func.count(Region.id))) == 1


def test_a_closing_day_is_added_once_and_removed(client: Client, session: Session, world: World) -> None:
    region = world.region()
    path = f"/settings/regions/{region.id}/days"
    data = {"day-on": "2026-12-24", "day-name": "🎄 Company holiday", "day-version": region.version, "once": "k"}
    assert client.post(path, data=data).status_code == 303
    assert client.post(path, data=data).status_code == 303
    page = client.get(f"/settings/regions/{region.id}").text
    assert "🎄 Company holiday" in page
    answer = client.post(path, data={key: data[key] for key in ("day-on", "day-name")})
    assert answer.status_code == 422
    assert "Thu 24 Dec 2026 is closed already" in answer.text
    day_id = session.scalars(select(ClosedDay.id)).one()
    assert client.post(f"{path}/{day_id}/remove", data={}).status_code == 303
    assert client.post(f"{path}/{day_id}/remove", data={}).status_code == 422
    assert session.scalar(select(func.count(ClosedDay.id))) == 0


@pytest.mark.parametrize(
    ("day", "name", "said"),
    [
        ("", "Kept words", "Choose a day"),
        ("2026-02-30", "Kept words", "Not a valid date"),
        ("0202-06-01", "Kept words", "between 1990 and 2100"),
        ("2026-12-24", "", "please fill this in"),
    ],
)
def test_a_bad_day_is_told(client: Client, world: World, day: str, name: str, said: str) -> None:
    region = world.region()
    answer = client.post(f"/settings/regions/{region.id}/days", data={"day-on": day, "day-name": name})
    assert answer.status_code == 422
    assert said in answer.text
    assert name in answer.text


def test_a_year_that_is_not_known_is_warned_of_until_it_is_entered(
    client: Client, session: Session, world: World
) -> None:
    answer = client.post("/settings/regions/new", data=NEW | {"country": "LK", "subdivision": "", "name": "Colombo"})
    assert "holidays of 2027, 2028, 2029 are not entered" in client.get(answer.location).text
    assert "Holidays of 2027, 2028, 2029 not entered" in client.get("/settings/regions").text
    region = session.scalars(select(Region)).one()
    path = f"/settings/regions/{region.id}/years"
    assert client.post(f"{path}/2027/enter", data={"version": region.version}).status_code == 303
    assert "holidays of 2028, 2029 are not entered" in client.get(answer.location).text
    assert client.post(f"{path}/2027/enter", data={}).status_code == 422
    assert client.post(f"{path}/2028/enter", data={"version": region.version + 1}).status_code == 409
    assert client.post(f"{path}/99999/enter", data={}).status_code == 404


def test_what_a_newer_release_says_is_shown_and_taken_over(client: Client, session: Session, world: World) -> None:
    client.post("/settings/regions/new", data=NEW)
    region = session.scalars(select(Region)).one()
    row = next(row for row in region.years if row.year == 2027)
    row.said, row.release = {on: name for on, name in row.said.items() if on != "2027-01-01"}, "0.1"
    region.closed_days = [day for day in region.closed_days if day.on != date(2027, 1, 1)]
    session.commit()
    path = f"/settings/regions/{region.id}"
    assert "Fri 1 Jan 2027: add" in client.get(path).text
    stale = client.post(f"{path}/differences", data={"on": "2027-01-01", "version": region.version + 1})
    assert stale.status_code == 409
    data = {"on": ["2027-01-01", "nonsense"], "version": region.version}
    assert client.post(f"{path}/differences", data=data).status_code == 303
    page = client.get(path).text
    assert "says otherwise" not in page
    session.refresh(region)
    assert date(2027, 1, 1) in {day.on for day in region.closed_days}


def test_a_region_is_changed_and_older_forms_are_told(client: Client, session: Session, world: World) -> None:
    region = world.region()
    path = f"/settings/regions/{region.id}"
    token = region.calendar_token
    data = {"name": "Dubai", "zone": "Asia/Dubai", "weekend": ["4", "5"], "version": region.version}
    assert client.post(path, data=data).status_code == 303
    session.expire_all()
    assert (region.name, region.weekend, region.is_active) == ("Dubai", "45", False)
    assert region.calendar_token != token
    answer = client.post(path, data=data | {"name": "Older"})
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    assert "Older" in answer.text
