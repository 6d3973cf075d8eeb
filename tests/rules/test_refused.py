"""A refusal carries its sentence and its field."""

from tracker.rules.refused import Refused, Stale


def test_a_refusal_is_its_message():
    refused = Refused("Choose a day.", "day")
    assert (str(refused), refused.message, refused.field) == ("Choose a day.", "Choose a day.", "day")
    assert Refused("No.").field is None


def test_stale_says_that_somebody_was_faster():
    assert isinstance(Stale(), Refused)
    assert "faster" in Stale().message
    assert Stale("Ana moved it to Loop meanwhile.").message == "Ana moved it to Loop meanwhile."
