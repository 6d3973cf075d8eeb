"""Nobody forgets a column: whatever can hold words is classified, and what is a candidate's is found by a key."""

from typing import Any, cast

import pytest
import sqlalchemy as sa

import tracker.models  # noqa: F401 - registers every table
from tracker.db import Base
from tracker.models import personal
from tracker.models.personal import About, Treatment

TABLES = Base.metadata.tables
WORDS = [column for table in TABLES.values() for column in table.columns if personal.holds_words(column)]
ANYBODY = cast("sa.ColumnElement[bool]", TABLES["candidate"].c.id == 1)


@pytest.mark.parametrize("column", WORDS, ids=str)
def test_every_column_of_words_is_classified(column: sa.Column[Any]) -> None:
    assert personal.about(column) is not None, (
        f"{column} can hold words, and models/personal.py does not say about whom. If a candidate can be named in it, "
        "add it to CANDIDATE with what becomes of it when he or she is erased."
    )


def test_no_column_is_classified_twice_and_none_that_is_not_there() -> None:
    said: list[str] = []
    for group in (personal.CANDIDATE, personal.STAFF, personal.NOBODY):
        for table, columns in cast("dict[str, Any]", group).items():
            said += [f"{table}.{column}" for column in columns]
    said += [str(each) for each in WORDS if each.table.name in personal.ROWS]
    assert sorted(said) == sorted(set(said)), "one column, one class"
    there = {str(each) for each in WORDS}
    assert set(said) <= there, f"there is no such column of words: {set(said) - there}"
    assert {f"{t}.{c}" for t, columns in personal.MENTIONS.items() for c in columns} <= there


@pytest.mark.parametrize("name", sorted({*personal.CANDIDATE, *personal.ROWS}))
def test_what_is_a_candidates_is_reached_by_foreign_keys(name: str) -> None:
    assert personal.candidates_rows(TABLES[name], ANYBODY) is not None


def test_what_hangs_on_an_application_is_looked_at() -> None:
    """A table with words that a key leads to from a candidate, none of which is the candidate's: is that so?"""
    reached = {
        table.name
        for table in TABLES.values()
        if personal.candidates_rows(table, ANYBODY) is not None and any(map(personal.holds_words, table.columns))
    }
    ours = {*personal.CANDIDATE, *personal.ROWS}
    assert reached - ours == {"nudge", "reminder"}, "their words are steps and roles"


def test_a_treatment_fits_its_column() -> None:
    of_json = {Treatment.EMPTY, Treatment.SHAPE, Treatment.NONE}
    for table, columns in personal.CANDIDATE.items():
        for name, treatment in columns.items():
            column = TABLES[table].c[name]
            if isinstance(column.type, sa.JSON):
                assert treatment in of_json, column
            if treatment is Treatment.NONE:
                assert column.nullable, column
            if isinstance(column.type, sa.LargeBinary):
                assert treatment is Treatment.BYTES, column


def test_a_new_column_would_be_found_out() -> None:
    table = sa.Table("note", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("aside", sa.Text))
    assert personal.holds_words(table.c.aside)
    assert personal.about(table.c.aside) is None
    assert personal.about(cast("sa.Column[object]", TABLES["note"].c.text)) is About.CANDIDATE
