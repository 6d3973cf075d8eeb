"""A second reader of calendar files: RFC 5545, section 3.1, in a few lines; not the library that wrote them."""

import unicodedata

Property = tuple[str, dict[str, str], str]


def read(data: bytes) -> list[Property]:
    """Return (name, parameters, value) of each line: unfolded, the parts told apart. Anything else is an error."""
    assert data.endswith(b"\r\n")
    lines = data[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in lines), "lines are folded at 75 octets"
    unfolded = b"\r\n".join(lines).replace(b"\r\n ", b"").decode().split("\r\n")
    return [_property(line) for line in unfolded]


def components(data: bytes, name: str) -> list[dict[str, str]]:
    """Return the properties (values as they stand) of each component of this name."""
    found: list[dict[str, str]] = []
    inside = False
    for key, _, value in read(data):
        if (key, value) == ("BEGIN", name):
            found.append({})
            inside = True
        elif (key, value) == ("END", name):
            inside = False
        elif inside:
            assert key not in found[-1], f"{key} stands twice in a {name}"
            found[-1][key] = value
    return found


def _property(line: str) -> Property:
    assert not any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} and c != "\t" for c in line)
    head, value = _split(line, ":", 1)
    name, *params = _split(head, ";")
    assert name.replace("-", "").isalnum()
    return name, {key: text for key, text in (param.split("=", 1) for param in params)}, value


def _split(text: str, mark: str, most: int = -1) -> list[str]:
    """Split at a mark outside of quotes."""
    parts, quoted = [""], False
    for character in text:
        quoted ^= character == '"'
        if character == mark and not quoted and (most < 0 or len(parts) <= most):
            parts.append("")
        else:
            parts[-1] += character
    return parts
