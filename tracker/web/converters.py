"""The one converter for row ids in addresses: bounded, so that no address can ask the database for 10^20."""

from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """``<id:name>``: 1 to 2^31-1; anything else is not found."""

    def __init__(self, map: object) -> None:  # noqa: A002 - the name is werkzeug's
        super().__init__(map, min=1, max=LARGEST_ID)  # type: ignore[arg-type]
