"""Dumps that people paste: as the real tools print them, and as they come out of mails and web pages."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rawkit.errors import FieldError
from rawkit.wire import from_hex
from tests.written import written

SEED = 20240607


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def run(*command: str, given: bytes | None = None) -> str:
    done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=60)
    return done.stdout.decode("latin-1")


def samples() -> list[bytes]:
    """Octets of every length around a line's, noise and text; text that looks like the dump of other octets."""
    noise = random.Random(SEED)
    found = [noise.randbytes(size) for size in [*range(1, 35), 47, 48, 49, 64, 100, 256, 300]]
    texts = [
        b"deadbeef 0102 03|04",
        b"ab cd ef 01 23 45 67 89",
        b"0000  00 00",
        b"  spaces   and | bars |",
        b"0x0000: 4500",
    ]
    return found + [text[:cut] for text in texts for cut in (1, 8, 15, 16, len(text))] + [text * 4 for text in texts]


@needs("xxd")
@pytest.mark.parametrize("options", [(), ("-u",), ("-g1",), ("-g4",), ("-c8",), ("-c", "32")])
def test_xxd(options: tuple[str, ...]) -> None:
    for octets in samples():
        assert from_hex(run("xxd", *options, given=octets)) == octets


@needs("xxd")
def test_plain_xxd() -> None:
    for octets in samples():
        assert from_hex(run("xxd", "-p", given=octets)) == octets


@needs("hexdump")
def test_hexdump() -> None:
    for octets in samples():
        assert from_hex(run("hexdump", "-v", "-C", given=octets)) == octets


@pytest.mark.parametrize(
    "command",
    [
        ("hexdump", "-C"),
        ("xxd", "-a"),
        ("od", "-Ax", "-tx1"),
        ("od", "-Ax", "-tx1", "-v"),
        ("od", "-tx1"),
        ("od", "-tx1z", "-v"),
        ("xxd", "-i"),
    ],
    ids=" ".join,
)
def test_lines_that_repeat_are_squeezed(command: tuple[str, ...]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    for octets in [*samples(), *(bytes(size) for size in (16, 17, 40, 64, 70)), samples()[15] + bytes(64) + b"abcd"]:
        assert from_hex(run(*command, given=octets)) == octets


@pytest.mark.parametrize("command", [("hexdump",), ("od",), ("od", "-x"), ("od", "-Ax", "-x"), ("od", "-Ad", "-tx1")])
def test_dumps_in_another_order_or_with_other_offsets_are_refused(command: tuple[str, ...]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    for octets in (bytes(range(16)), bytes(range(40)), b"text" * 20):
        with pytest.raises(FieldError):
            from_hex(run(*command, given=octets))


def frames() -> list[bytes]:
    """Ethernet frames that tcpdump and tshark print whole."""
    return [bytes(12) + b"\x88\xb5" + octets for octets in samples() if len(octets) < 200]


def in_a_file(tmp_path: Path, octets: bytes) -> str:
    return str(written(tmp_path / f"{len(list(tmp_path.iterdir()))}.pcap", [octets]))


@needs("tcpdump")
@pytest.mark.parametrize(("option", "skipped"), [("-xx", 0), ("-XX", 0), ("-x", 14), ("-X", 14)])
def test_tcpdump(tmp_path: Path, option: str, skipped: int) -> None:
    for octets in frames()[::5]:
        text = run("tcpdump", "-n", "-t", option, "-r", in_a_file(tmp_path, octets))
        dump = "\n".join(line for line in text.splitlines() if line.startswith("\t"))
        assert from_hex(dump) == octets[skipped:]


@needs("tshark")
def test_tshark(tmp_path: Path) -> None:
    for octets in frames()[::12]:
        assert from_hex(run("tshark", "-x", "-r", in_a_file(tmp_path, octets))) == octets


WIRESHARK = """
0000   45 00 00 1d 00 01 00 00 40 11 66 cd 0a 00 00 01   E.......@.f.....
0010   0a 00 00 02 00 01 00 02 00 09 8f de 61            ............a
"""
DATAGRAM = bytes.fromhex("4500001d000100004011 66cd0a0000010a000002 000100020009 8fde61".replace(" ", ""))


@pytest.mark.parametrize(
    "text",
    [
        WIRESHARK,
        WIRESHARK.replace("   ", "  "),
        "\n".join(line[:54] for line in WIRESHARK.splitlines()),
        DATAGRAM.hex(),
        DATAGRAM.hex().upper(),
        DATAGRAM.hex(" "),
        DATAGRAM.hex(":"),
        DATAGRAM.hex("-"),
        "\n".join([DATAGRAM.hex()[:20], DATAGRAM.hex()[20:]]),
        "".join(f"\\x{octet:02x}" for octet in DATAGRAM),
        "b'" + "".join(f"\\x{octet:02x}" for octet in DATAGRAM) + "'",
        ", ".join(f"0x{octet:02x}" for octet in DATAGRAM),
        "{ " + ", ".join(f"0x{octet:02X}" for octet in DATAGRAM) + " };",
        "0x" + DATAGRAM.hex(),
        "\t0x0000:  4500 001d 0001 0000 4011 66cd 0a00 0001\n\t0x0010:  0a00 0002 0001 0002 0009 8fde 61",
        "\r\n".join(WIRESHARK.splitlines()),
        repr(DATAGRAM),
        f"({DATAGRAM[:9]!r}\n {DATAGRAM[9:]!r})",
        repr(DATAGRAM.hex().encode()),
        "/* Frame (29 bytes) */\nstatic const unsigned char pkt1[29] = {\n"
        + ", ".join(f"0x{octet:02x}" for octet in DATAGRAM)
        + " /* E...{@}. */\n};\nstatic const unsigned char pkt2[1] = {\n0xff /* . */\n};\n",
        "unsigned char name[] = {\n"
        + ", ".join(f"{octet:#x}" for octet in DATAGRAM)
        + "\n};\nunsigned int name_len = 29;\n",
        "\n".join(DATAGRAM.hex()[at : at + 7] for at in range(0, 58, 7)),
        "0000 " + DATAGRAM.hex(" "),
    ],
    ids=range(23),
)
def test_what_people_paste(text: str) -> None:
    assert from_hex(text) == DATAGRAM


@pytest.mark.parametrize("between", ["", "\n", "\nFrame 2: 4 bytes on wire\n", "\n12:00:00.000001 IP a > b: UDP\n"])
def test_only_the_first_packet_of_a_dump_is_taken(between: str) -> None:
    assert from_hex(WIRESHARK + between + WIRESHARK) == DATAGRAM
    assert from_hex(f"0000   01 02 03 04\n{between}0000   05 06 07 08\n") == bytes([1, 2, 3, 4])
    assert from_hex(f"0x0000:  0102 0304\n{between}0x0000:  0506 0708\n0x0004:  0506\n") == bytes([1, 2, 3, 4])


@pytest.mark.parametrize(
    ("line", "octets"),
    [
        ("0000   01 02 03 04 cafe", "01020304"),
        ("0000   01 02 03 04 ca", "01020304ca"),
        ("0x0000:  0102 0304 cafebabe", "01020304"),
        ("0x0000:  0102 0304 cafe", "01020304cafe"),
        ("0x0000:  0102 0304 ca", "01020304ca"),
    ],
)
def test_a_word_longer_than_its_group_is_the_text_beside_the_octets(line: str, octets: str) -> None:
    assert from_hex(line).hex() == octets


@pytest.mark.parametrize("width", [2, 4])
def test_words_that_begin_like_an_offset(width: int) -> None:
    """A Linux cooked header begins with zeros."""
    cooked = bytes.fromhex("00000304000600000000000000000800") + DATAGRAM[:20]
    for at in (8, 16, 20):
        assert from_hex(f"{cooked[:at].hex(' ', -width)}\n{cooked[at:].hex(' ', -width)}") == cooked


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        (r'"\x45\x0b"', b"\x45\x0b"),
        (r"b'\x5b'", b"["),
        (repr(b"\x45\x00ab\n\\'\""), b"\x45\x00ab\n\\'\""),
        ("{0x0, 0x8}", b"\x00\x08"),
        ("0000:0102", bytes([0, 0, 1, 2])),
    ],
)
def test_what_programs_print(text: str, octets: bytes) -> None:
    assert from_hex(text) == octets


@pytest.mark.parametrize("text", ["", "   \n", "no digits here", "abc", "4500 zz", "0x"])
def test_what_is_no_dump_is_refused(text: str) -> None:
    with pytest.raises(FieldError):
        from_hex(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "\n".join(WIRESHARK.splitlines()[:2]) + "\n0020   00 01 02 03   ....\n",
            "lines are missing|next offset says 32",
        ),
        ("\n".join(WIRESHARK.splitlines()[2:]), "begins at offset 16"),
        (WIRESHARK.replace("0010   ", ""), "has no offset"),
        (WIRESHARK.replace("0010   ", "0008   "), "16 octets; the next offset says 8"),
        ("00000000  00 00\n*\nfffffffe\n", "at most 1048576"),
        ("0000000 0045 1d00", "octet by octet"),
        ("0:1:2:a:b:c", "half there"),
        ("[69, 0, 0, 84]", "half there"),
        (r'"\x45ab"', "no hexadecimal digit"),
        (r"b'\q'", "does not stand in octets"),
        (b"4500", "takes text, not bytes"),
        (None, "takes text, not NoneType"),
    ],
)
def test_what_is_not_certain_is_refused(text: Any, why: str) -> None:
    with pytest.raises(FieldError, match=why):
        from_hex(text)
