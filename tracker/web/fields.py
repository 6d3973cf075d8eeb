"""Fields that several forms use and WTForms does not bring."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class BoxesField(SelectMultipleField):
    """Some of many, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
