"""Fields that several forms use and WTForms does not bring."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


def row_or_nobody(value: object) -> int:
    """Coerce a choice among rows: 0 stands for none, and for what is no number of a row."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0


class BoxesField(SelectMultipleField):
    """Some of many, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
