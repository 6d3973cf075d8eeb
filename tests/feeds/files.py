"""Calendar files for tests."""

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//Else//EN\r\n"
# The Tuesday after the tests' Monday.
NINE = "DTSTART:20261103T090000Z\r\nDTEND:20261103T100000Z"


def meeting(said: str = NINE, number: int = 1) -> str:
    """A meeting with secrets in all its words."""
    secret = "Quokka, the secret merger"
    words = f"SUMMARY:{secret}\r\nDESCRIPTION:{secret}\r\nLOCATION:{secret}\r\nORGANIZER:mailto:boss@example.org"
    alarm = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{secret}\r\nTRIGGER:-PT15M\r\nEND:VALARM"
    return f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260101T000000Z\r\n{words}\r\n{said}\r\n{alarm}\r\nEND:VEVENT\r\n"


def calendar(*parts: str) -> bytes:
    """A calendar of meetings and other components."""
    return (HEAD + "".join(parts) + "END:VCALENDAR\r\n").encode()
