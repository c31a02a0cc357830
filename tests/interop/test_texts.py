"""Octets of applications as text."""

from rawkit.interop.texts import MAX_TEXT, clipped


def test_what_is_left_out_is_said_to_be() -> None:
    """Whether characters or octets are too many: some characters take four."""
    assert clipped(b"x" * MAX_TEXT) == "x" * MAX_TEXT
    assert clipped(b"x" * (MAX_TEXT + 1)) == "x" * MAX_TEXT + "..."
    assert clipped("😀".encode() * MAX_TEXT) == "😀" * MAX_TEXT
    assert clipped("😀".encode() * (MAX_TEXT + 1)) == "😀" * MAX_TEXT + "..."
