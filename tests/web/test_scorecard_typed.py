"""What is read without the form is what the form would have read; the rest is left to the form."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.factories import World
from tracker.models.competency import Competency
from tracker.models.question import Question
from tracker.web import scorecard_form
from tracker.web.scorecard_typed import ForTheForm, read

HELD = "What broke?"
values = st.sampled_from(["", " ", HELD, "one\r\ntwo", "a\u202eb\x00", "“x”", "long " * 60, "x" * 300, "y" * 20_000])
values_too = values | st.text(max_size=8) | st.sampled_from(["x" * 301, "y" * 20_001])
numbers = st.sampled_from(["", "0", "1", "4", "5", "03", "-1", "x", "2147483647", "2147483648", "١"])


@pytest.fixture
def competencies(app: Flask, world: World) -> Iterator[list[Competency]]:
    found = [world.competency("Threat modelling"), world.competency("Ownership")]
    with app.app_context():
        yield found


def names(ids: list[int]) -> st.SearchStrategy[str]:
    key = st.sampled_from(ids).map(str)
    place = st.sampled_from(["0", "1", "2", "10", "25", "01", "x", "100", ""])
    part = st.sampled_from(["question", "situation", "action", "result", "metric", "other"])
    return st.builds(lambda k, n, p: f"evidence_{k}-{n}-{p}", key, place, part)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_it_is_what_the_form_takes(app: Flask, competencies: list[Competency], data: st.DataObject) -> None:
    ids = [each.id for each in competencies]
    rated = st.sampled_from([f"rating_{each}" for each in ids])
    sent = {
        **data.draw(st.dictionaries(names(ids), values_too, max_size=8)),
        **data.draw(st.dictionaries(rated, numbers, max_size=2)),
        **data.draw(st.fixed_dictionaries({}, optional={
            "recommendation": st.sampled_from(["", "hire", "strong_no_hire", "maybe"]),
            "summary": values_too, "version": numbers, "pasted": numbers,
        })),
        "csrf_token": "x",
    }  # fmt: skip
    with app.test_request_context(method="POST", data=sent):
        form = scorecard_form.make(competencies, questions=[Question(text=HELD)])
        is_valid, typed = form.validate(), form.typed()
        try:
            quick = read(MultiDict(sent))
        except ForTheForm:
            return
        assert is_valid, f"{form.errors}: {sent}"
        content = quick.of(ids, {HELD})
        assert (quick.version, quick.pasted) == (typed.version, typed.pasted)
        assert content.ratings == typed.content.ratings
        assert (content.summary, content.recommendation) == (typed.content.summary, typed.content.recommendation)
        assert [each for each in content.evidence if not each.is_empty] == [
            each for each in typed.content.evidence if not each.is_empty
        ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("evidence_1-0-situation", "x" * 20_001),
        ("evidence_1-0-metric", "x" * 301),
        ("evidence_1-00-metric", "x"),
        ("evidence_x-0-metric", "x"),
        ("rating_1", "5"),
        ("rating_", "1"),
        ("recommendation", "maybe"),
        ("version", "99999999999"),
        ("pasted", "-1"),
    ],
)
def test_what_is_odd_is_left_to_the_form(name: str, value: str) -> None:
    with pytest.raises(ForTheForm):
        read({name: value})


def test_more_rows_than_a_form_has_are_left_to_the_form() -> None:
    with pytest.raises(ForTheForm):
        read({f"evidence_1-{number}-action": "x" for number in range(21)})
    assert len(read({f"evidence_1-{number}-action": "x" for number in range(20)}).content.evidence) == 20


def test_what_a_form_sends_is_read_without_it() -> None:
    sent = {
        "once": "k", "csrf_token": "t", "version": "3", "pasted": "0", "recommendation": "hire", "summary": "Solid",
        "rating_7": "3", "evidence_7-0-question": "Which?", "evidence_7-1-action": "Traced it",
    }  # fmt: skip
    typed = read(sent)
    assert (typed.version, len(typed.content.evidence)) == (3, 2)
    assert [each.action for each in typed.of([7], {"Which?"}).evidence] == ["Traced it"], "not asked after all"
    assert typed.of([8], set()).evidence == ()
