"""The list of conversations, and the sentence on what a ladder leaves out."""

from rawkit.show.conversation_list import MAX_NAMED, Row, besides, conversation_list
from rawkit.timeline import End


def test_columns_line_up() -> None:
    rows = [
        Row(1, "tcp", (End("10.0.0.1", 51234), End("10.0.0.2", 7)), 10, 700),
        Row(12, "udp", (End("fd00::1", 1), End("fd00::2", 53)), 1_234, 5_678_901),
    ]
    assert conversation_list(rows).splitlines() == [
        " n       from            to            packets     octets  state",
        " 1  TCP  10.0.0.1:51234  10.0.0.2:7         10        700",
        "12  UDP  [fd00::1]:1     [fd00::2]:53    1,234  5,678,901",
    ]


def test_what_became_of_it_stands_beside_or_below() -> None:
    ends = End("10.0.0.1", 51234), End("10.0.0.2", 7)
    rows = [Row(1, "tcp", ends, 10, 700, "CLOSED", ("reset",)), Row(2, "tcp", ends, 1, 60)]
    assert conversation_list(rows).splitlines()[1:] == [
        "1  TCP  10.0.0.1:51234  10.0.0.2:7       10     700  CLOSED; reset",
        "2  TCP  10.0.0.1:51234  10.0.0.2:7        1      60",
    ]
    assert conversation_list(rows, width=60).splitlines() == [
        "n       from            to          packets  octets",
        "1  TCP  10.0.0.1:51234  10.0.0.2:7       10     700",
        "   CLOSED; reset",
        "2  TCP  10.0.0.1:51234  10.0.0.2:7        1      60",
    ]


def test_what_is_left_out() -> None:
    assert besides({}) == ""
    assert besides({"ARP": 1}) == "1 packet of the capture is not in this conversation: 1 ARP."
    assert besides({"ARP": 2, "LLC": 3}, 4, 5) == (
        "14 packets of the capture are not in this conversation: "
        "3 LLC, 2 ARP, 4 of other conversations and 5 of conversations too many to tell apart."
    )


def test_many_kinds_are_told_together() -> None:
    kinds = {f"kind{number}": 1 for number in range(MAX_NAMED + 3)}
    assert besides(kinds).endswith("and 3 of other kinds.")


def test_names_do_nothing_to_the_terminal() -> None:
    assert "\x1b" not in besides({"\x1b[2J": 1})
