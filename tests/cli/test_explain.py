"""`rawkit explain PROTOCOL` and `PROTOCOL.FIELD`, and which of two things a name means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rawkit.cli.columns import DEFAULT_WIDTH
from rawkit.protocols import catalog
from rawkit.protocols.tcp_states import MEANINGS, TRANSITIONS, State
from rawkit.show.states import common
from tests.cli.run import CAPTURES, golden_text, run
from tests.golden import assert_golden

Captured = pytest.CaptureFixture[str]
ECHO = CAPTURES / "tcp" / "echo.pcap"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("explain/ethernet", ["ether"]),
        ("explain/ipv4", ["ip"]),
        ("explain/ipv6", ["ipv6"]),
        ("explain/gre", ["gre"]),
        ("explain/enhancedgre", ["pptp"]),
        ("explain/mpls", ["mpls"]),
        ("explain/igmp", ["igmp"]),
        ("explain/sctp", ["sctp"]),
        ("explain/sctpdata", ["sctpdata"]),
        ("explain/udplite", ["udplite"]),
        ("explain/igmpreport", ["igmpreport"]),
        ("explain/mldv2query", ["mldv2query"]),
        ("explain/vxlan", ["vxlan"]),
        ("explain/geneve", ["geneve"]),
        ("explain/udp.dport", ["udp.dport"]),
        ("explain/pppoed", ["pppoed"]),
        ("explain/ppp", ["ppp"]),
        ("explain/lcp", ["lcp"]),
        ("explain/lcpconfigure", ["lcpconfigure"]),
        ("explain/tcp", ["tcp"]),
        ("explain/tcp-states", ["tcp", "--states"]),
        ("explain/protocols", []),
        ("explain/dns", ["dns"]),
        ("explain/mss", ["mss"]),
        ("explain/usertimeout.timeout", ["usertimeout.timeout"]),
        ("explain/timestamps", ["timestamps"]),
        ("explain/loosesourceroute", ["loosesourceroute"]),
        ("explain/icmpv6", ["icmpv6"]),
        ("explain/icmpv6.code", ["icmpv6.code"]),
        ("explain/tcp.flags", ["tcp.flags"]),
        ("explain/tcp.dport", ["tcp.dstport"]),
        ("explain/tcp.flags.syn", ["tcp.flags.syn"]),
        ("explain/tcp.flags.reset", ["tcp.flags.reset"]),
        ("explain/ip.flags.df", ["ip.flags.df"]),
        ("explain/icmpv6.nd.na.flag.o", ["icmpv6.nd.na.flag.o"]),
        ("explain/ipv4.checksum", ["ip.checksum"]),
        ("explain/udp-narrow", ["udp", "--width", "66"]),
    ],
)
def test_golden(capsys: Captured, name: str, arguments: list[str]) -> None:
    assert_golden(name, golden_text(run(capsys, "explain", *arguments)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("tcp --states -n 1", "--states does not go with --number, which would be ignored"),
        ("tcp --states --json", "--states does not go with --json, which would be ignored"),
        (f"{ECHO} --json --width 90", "--json does not go with --width, which would be ignored"),
    ],
)
def test_no_option_is_ignored_silently(capsys: Captured, arguments: str, said: str) -> None:
    assert run(capsys, "explain", *arguments.split()) == (2, "", f"rawkit: {said} (see: rawkit explain --help)\n")


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("tcp.flags.syn", "RFC 9293 section 3.1"),
        ("tcp.flags.ece", "RFC 3168 section 6.1"),
        ("tcp.flags.cwr", "RFC 3168 section 6.1"),
        ("tcp.flags.ae", "RFC 9768"),
        ("tcp.reserved", "RFC 9293 section 3.1, which has 4; RFC 9768 made the last one AE"),
    ],
)
def test_each_is_explained_where_it_is_defined(capsys: Captured, what: str, source: str) -> None:
    assert f"  see: {source}\n" in run(capsys, "explain", what).out


FOLLOWING = ["ICMPv4", "IGMP", "ICMPv6", "IPv6Fragment", "TCP", "AuthenticationHeader"]
FOLLOWED = {
    "ipv4": ["ICMPv4", "IGMP", "TCP", "AuthenticationHeader"],
    "ipv6": ["ICMPv6", "IPv6Fragment", "TCP", "AuthenticationHeader"],
    "ipv6routing": ["ICMPv6", "IPv6Fragment", "TCP", "AuthenticationHeader"],
    "ipv6segmentrouting": ["ICMPv6", "IPv6Fragment", "TCP", "AuthenticationHeader"],
    "ah": FOLLOWING,
}


def test_what_follows_one_version_of_ip_is_not_told_of_the_other(capsys: Captured) -> None:
    listed = {what: run(capsys, "explain", what).out.partition("What may follow")[2].split() for what in FOLLOWED}
    found = {what: [name.strip(",.") for name in words] for what, words in listed.items()}
    assert {what: [name for name in FOLLOWING if name in names] for what, names in found.items()} == FOLLOWED


def test_every_protocol_and_every_field_is_explained(capsys: Captured) -> None:
    for kind in catalog.classes():
        shown = run(capsys, "explain", kind.__name__)
        assert shown.code == 0
        assert "rawkit." not in shown.out  # a reader knows no modules
        assert "_messages" not in shown.out
        for field in kind.layout.fields:
            assert f"  {field}  " in shown.out, (kind, field)
            # Two classes may share a name in one protocol: then the first is meant, and explained.
            assert run(capsys, "explain", f"{kind.__name__}.{field}").code == 0


def test_no_list_is_announced_that_is_empty(capsys: Captured) -> None:
    rows = run(capsys, "explain", "tcp", "--states").out.splitlines()
    assert [row for row in rows if row.endswith(":")] == ["From many states to CLOSED:"]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_states_fit(capsys: Captured, width: int) -> None:
    shown = run(capsys, "explain", "tcp", "--states", "--width", str(width)).out
    assert max(len(row) for row in shown.splitlines()) <= width
    told = " ".join(shown.split())
    moves = [each for each in TRANSITIONS if each.next is not each.state and each not in common()]
    assert [move for move in moves if move.sentence not in told] == []
    assert all(MEANINGS[state] in told for state in State)


@pytest.mark.parametrize("what", ["ip.ttl", "ipv6.hlim"])
def test_a_socket_need_not_set_the_hops(capsys: Captured, what: str) -> None:
    assert "with a socket: filled in by the kernel; setsockopt(IP" in run(capsys, "explain", what).out


def test_closing_and_throwing_away_are_told_apart(capsys: Captured) -> None:
    told = " ".join(run(capsys, "explain", "tcp", "--states").out.split())
    assert "CLOSE = close() [FIN]" in told
    assert "ABORT = close() with SO_LINGER 0, or with data unread [RST]: SYN-RECEIVED" in told


def test_text_fits_a_terminal_of_usual_width(capsys: Captured) -> None:
    for what in (["tcp"], ["tcp", "--states"], ["icmpv4"], ["ip.checksum"], ["tcp.flags"]):
        shown = run(capsys, "explain", *what).out
        assert [row for row in shown.splitlines() if len(row) > DEFAULT_WIDTH] == []


def test_the_unit_is_told_once(capsys: Captured) -> None:
    shown = run(capsys, "explain", "ip").out
    assert "octets of header and data\n" in shown
    assert "header length [32-bit words]\n" in shown
    assert "where this fragment's data begins [8 octets]\n" in shown


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("tpc", "tpc: no such file, and no protocol 'tpc'; did you mean 'tcp'? (explain without a name lists them)"),
        ("foo.bar", "foo.bar: no such file, and no protocol 'foo' (explain without a name lists them)"),
        ("", "'': no such file, and no protocol '' (explain without a name lists them)"),
        ("tcp.dprt", "tcp.dprt: no such file, and TCP has no field 'dprt'; did you mean 'dport'?"),
        ("./tcp", "tcp: No such file or directory"),
    ],
)
def test_unknown_names(capsys: Captured, what: str, said: str) -> None:
    result = run(capsys, "explain", what)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize("width", [40, 80])
def test_every_protocol_that_can_be_explained_is_listed(capsys: Captured, width: int) -> None:
    shown = run(capsys, "explain", "--width", width)
    assert shown.code == 0
    words = re.findall(r"\w+", shown.out)
    assert [kind.__name__ for kind in catalog.classes() if kind.__name__ not in words] == []
    assert max(map(len, shown.out.splitlines())) <= width


def test_every_listed_alias_is_one(capsys: Captured) -> None:
    listed = re.findall(r"^  (\w+) \(([\w, ]+)\):", run(capsys, "explain").out, re.MULTILINE)
    assert len(listed) > 5
    for name, aliases in listed:
        for alias in aliases.split(", "):
            assert run(capsys, "explain", alias).out.startswith(name + ":")


@pytest.mark.parametrize("options", [["--states"], ["-n", "2"], ["--all"], ["--json"]])
def test_options_need_a_name(capsys: Captured, options: list[str]) -> None:
    said = "rawkit: name a file, or with --states tcp (see: rawkit explain --help)\n"
    assert run(capsys, "explain", *options) == (2, "", said)


def test_what_another_library_reads_says_so(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "read by dnspython" in run(capsys, "explain", "DNS").out
    assert "read by dnspython" in run(capsys, "explain", "dns.qry.name").out
    monkeypatch.chdir(tmp_path)
    Path("dns.pcap").write_bytes(b"GIF89a..")
    assert "not a pcap" in run(capsys, "explain", "dns.pcap").err


def test_a_diagram_is_not_broken(capsys: Captured) -> None:
    assert run(capsys, "explain", "tcp", "--width", "65") == (
        2,
        "",
        "rawkit: --width 65: a diagram needs 66 columns or more\n",
    )
    for kind in catalog.classes():
        assert max(map(len, run(capsys, "explain", kind.__name__, "--width", "66").out.splitlines())) <= 66
    assert max(map(len, run(capsys, "explain", "tcp.flags", "--width", "40").out.splitlines())) <= 40


def test_a_name_that_is_both_means_the_protocol(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tcp").write_bytes(b"GIF89a..")
    assert run(capsys, "explain", "tcp").out.startswith("TCP: RFC 9293")
    assert "not a pcap" in run(capsys, "explain", "./tcp").err


def test_options_that_do_not_fit(capsys: Captured) -> None:
    assert run(capsys, "explain", "udp", "--states").code == 2
    result = run(capsys, "explain", "tcp", "-n", "3")
    assert (result.code, result.out) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain", "x.pcap", "-n", "x"], "a whole number from 1 on, and this is 'x'"),
        (["explain", "x.pcap", "-n", "0"], "a whole number from 1 on, and this is '0'"),
        (["explain", "tcp", "--width", "39"], "a whole number from 40 to 1000, and this is '39'"),
        (["read", "x.pcap", "--count", "1.5"], "a whole number from 0 on, and this is '1.5'"),
        (["hexdump", "x.pcap", "--max-ratio", ""], "a whole number from 0 on, and this is ''"),
    ],
)
def test_what_is_no_number_is_told_what_to_write(capsys: Captured, arguments: list[str], said: str) -> None:
    result = run(capsys, *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert len(result.err.splitlines()) == 1
