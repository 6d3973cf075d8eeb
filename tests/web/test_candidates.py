"""The list of candidates: search, filters, order, pages; all of it in the address."""

from datetime import timedelta

import pytest

from tests.conftest import Client
from tests.factories import MONDAY, World
from tracker.queries import candidates
from tracker.queries.candidates import PAGE
from tracker.rules.stages import ApplicationState, StageKind

pytestmark = pytest.mark.usefixtures("monday")


@pytest.mark.parametrize(
    "words", ["zoe", "Zoë", "müller", "MULLER", "zoe mul", "muller zo", "zoe@cand", "ZOE@candidates.example"]
)
def test_people_are_found_by_name_or_address_whatever_the_accents(client: Client, world: World, words: str) -> None:
    requisition = world.requisition()
    world.application(requisition, candidate=world.candidate("Zoë Müller", email="zoe@candidates.example"))
    world.application(requisition, name="Adam Other")
    page = client.sign_in(requisition.recruiter).get("/candidates", query_string={"q": words}).text
    assert "Zoë Müller" in page
    assert "Adam Other" not in page


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE candidate; --", "🦉", "x" * 5000])
def test_nothing_is_found_for_what_is_no_name(client: Client, world: World, words: str) -> None:
    requisition = world.requisition()
    world.application(requisition, name="Adam Other")
    page = client.sign_in(requisition.recruiter).get("/candidates", query_string={"q": words})
    assert page.status_code == 200
    assert "Adam Other" not in page.text


def test_filters_narrow_and_stay_in_the_address(client: Client, world: World) -> None:
    requisition = world.requisition()
    other = world.requisition("Other role", recruiter=requisition.recruiter, plan=requisition.plan)
    world.application(requisition, name="Ann Active")
    world.application(requisition, name="Lena Loop", stage=StageKind.LOOP)
    world.application(requisition, name="Rob Rejected", state=ApplicationState.REJECTED, closed_at=MONDAY)
    world.application(other, name="Otto Other")
    client.sign_in(requisition.recruiter)

    def names(**chosen: object) -> set[str]:
        page = client.get("/candidates", query_string=chosen).text
        return {name for name in ("Ann", "Lena", "Rob", "Otto") if f">{name} " in page}

    assert names() == {"Ann", "Lena", "Otto"}
    assert names(state="any") == {"Ann", "Lena", "Rob", "Otto"}
    assert names(state="rejected") == {"Rob"}
    assert names(stage="loop") == {"Lena"}
    assert names(requisition=other.id) == {"Otto"}
    assert names(requisition=requisition.id, q="lena") == {"Lena"}
    assert names(requisition="nonsense", state="nonsense", stage="x", sort="x", after=10**20) == {
        "Ann",
        "Lena",
        "Rob",
        "Otto",
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ADA@one.example", {"Ada"}),
        ("ada@", {"Ada", "Bob"}),
        (" ada@o", {"Ada"}),
        ("@one.example", {"Ada", "Cleo"}),
        ("ada@elsewhere.example", set()),
    ],
)
def test_a_typed_address_finds_those_whose_it_is(client: Client, world: World, typed: str, found: set[str]) -> None:
    requisition = world.requisition()
    for name, email in (("Ada A", "ada@one.example"), ("Bob B", "ada@two.example"), ("Cleo C", "cleo@one.example")):
        world.application(requisition, candidate=world.candidate(name, email=email))
    page = client.sign_in(requisition.recruiter).get("/candidates", query_string={"q": typed}).text
    assert {name for name in ("Ada", "Bob", "Cleo") if f'dir="auto">{name} ' in page} == found


@pytest.mark.parametrize("sort", ["newest", "oldest", "name"])
def test_pages_follow_each_other_without_gap_or_repetition(client: Client, world: World, sort: str) -> None:
    requisition = world.requisition()
    for n in range(PAGE + 5):
        world.application(requisition, name=f"Person {n * 7 % 100:03}", applied_at=MONDAY - timedelta(minutes=n // 2))
    client.sign_in(requisition.recruiter)
    url, seen = f"/candidates?sort={sort}", []
    while url:
        page = client.get(url).text
        seen += [part.split("<")[0] for part in page.split('dir="auto">Person ')[1:]]
        url = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert len(seen) == len(set(seen)) == PAGE + 5
    if sort == "name":
        assert seen == sorted(seen)


def test_only_what_one_may_see(client: Client, world: World) -> None:
    open_one = world.requisition()
    secret = world.requisition("Secret", is_confidential=True, plan=open_one.plan)
    world.application(open_one, name="Ann Active")
    world.application(secret, name="Sam Secret")
    for person, seen in (
        (open_one.recruiter, {"Ann"}),
        (secret.recruiter, {"Ann", "Sam"}),
        (open_one.hiring_manager, {"Ann"}),
        (secret.hiring_manager, {"Sam"}),
        (world.person("Nobody"), set()),
        (world.admin(), set()),
    ):
        for query in ("", "?q=a", "?q=s"):
            page = client.sign_in(person).get("/candidates" + query).text
            assert {name for name in ("Ann", "Sam") if f">{name} " in page} <= seen
        page = client.get("/candidates").text
        assert {name for name in ("Ann", "Sam") if f">{name} " in page} == seen, person.name


def test_where_a_page_begins_does_not_tell_where_somebody_hidden_stands(client: Client, world: World) -> None:
    requisition = world.requisition()
    secret = world.requisition("Secret", is_confidential=True, recruiter=world.recruiter("Olga Other"))
    for name in ("Anna Aa", "Zora Zz"):
        world.application(requisition, name=name)
    hidden = world.application(secret, name="Nora Nn")
    own = world.application(requisition, candidate=world.candidate("Nora Nn", email=requisition.recruiter.email))
    client.sign_in(requisition.recruiter)
    for sort in ("name", "newest", "oldest"):
        for after in (hidden.id, own.id, own.id + 1000):
            page = client.get(f"/candidates?sort={sort}&after={after}").text
            assert "Anna" not in page
            assert "Zora" not in page


@pytest.mark.parametrize("most", [1, 200])
def test_a_search_finds_the_same_whoever_hidden_is_called_alike(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(candidates, "MOST_PEOPLE", most)
    requisition = world.requisition()
    secret = world.requisition("Secret", is_confidential=True, recruiter=world.recruiter("Olga Other"))
    client.sign_in(requisition.recruiter)
    for name in ("Jane Doe", "Jane Doe", "Doe Jane"):
        world.application(secret, name=name)
    world.application(requisition, name="Jane Q Doe")
    for words in ("jane doe", "jane d", "doe", "jane"):
        page = client.get("/candidates", query_string={"q": words}).text
        assert "Jane Q Doe" in page, words
        assert "More people match" not in page


def test_who_is_called_exactly_so_stands_in_nobody_s_way(client: Client, world: World) -> None:
    requisition = world.requisition()
    world.application(requisition, name="Jane Doe", state=ApplicationState.REJECTED, closed_at=MONDAY)
    world.application(requisition, name="Jane Q Doe")
    assert "Jane Q Doe" in client.sign_in(requisition.recruiter).get("/candidates?q=jane+doe").text


def test_empty_and_nobody_fits_say_what_to_do(client: Client, world: World) -> None:
    client.sign_in(world.recruiter())
    assert "No candidates yet" in client.get("/candidates").text
    assert "Nobody fits" in client.get("/candidates?q=nobody").text
    client.sign_in(world.person("Ivan Interviewer"))
    for address in ("/candidates", "/candidates?q=nobody"):
        assert "Whom you interview stands on Today" in client.get(address).text
