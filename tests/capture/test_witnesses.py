"""What we write, judged by dpkt, scapy, tcpdump and tshark; what others made, read by us and by tshark."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from pathlib import Path

import dpkt
import pytest

from rawkit.capture import PcapngWriter, PcapWriter, read
from rawkit.capture.convert import convert
from rawkit.errors import FieldError
from tests.capture import made
from tests.conftest import NO_SHARED, shared_captures_folder

# Ethernet, IPv4, UDP from 10.0.0.1 port 1 to 10.0.0.2 port 9; what is in them does not matter here.
ETHERNET = (
    bytes.fromhex("020000000002 020000000001 0800 45000020000100004011 66ca 0a000001 0a000002 00010009000c0000")
    + b"text"
)
TIMES = [1_700_000_000_123_456_789, 1_700_000_000_123_456_790, 1_699_999_999_000_000_000]
PACKETS = [(time_ns, ETHERNET[: len(ETHERNET) - cut], len(ETHERNET)) for cut, time_ns in enumerate(TIMES)]


def write_pcap(path: Path, **how: object) -> Path:
    with PcapWriter(path, **how) as writer:  # type: ignore[arg-type]
        for time_ns, octets, wire in PACKETS:
            writer.write_octets(octets, time_ns=time_ns, wire_length=wire)
    return path


def write_pcapng(path: Path) -> Path:
    with PcapngWriter(path, comment="a file") as writer:
        lo = writer.add_interface(name="lo")
        for time_ns, octets, wire in PACKETS:
            writer.write_octets(octets, time_ns=time_ns, wire_length=wire, interface=lo, comment="ein Käse")
    return path


@pytest.fixture(params=["little", "big", "pcapng"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "pcapng":
        return write_pcapng(tmp_path / "made.pcapng")
    return write_pcap(tmp_path / "made.pcap", byteorder=request.param)


def test_dpkt_reads_what_we_write(written: Path) -> None:
    reader = dpkt.pcapng.Reader if written.suffix == ".pcapng" else dpkt.pcap.Reader
    with written.open("rb") as file:
        found = list(reader(file))
    assert [octets for _, octets in found] == [octets for _, octets, _ in PACKETS]
    # dpkt's times are floats: good to about a microsecond.
    assert [float(time) for time, _ in found] == pytest.approx([time / 1e9 for time in TIMES], abs=1e-5, rel=0)


def test_scapy_reads_what_we_write(written: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from scapy.utils import RawPcapNgReader, RawPcapReader

        reader = RawPcapNgReader if written.suffix == ".pcapng" else RawPcapReader
        with written.open("rb") as file:  # scapy does not close a file that it opened
            found = list(reader(file))
    assert [octets for octets, _ in found] == [octets for _, octets, _ in PACKETS]
    assert [meta.wirelen for _, meta in found] == [wire for _, _, wire in PACKETS]


def fields(path: Path, *names: str) -> list[list[str]]:
    """tshark's view; one list a packet."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "separator=|"]
    for name in names:
        command += ["-e", name]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.split("|") for line in ran.stdout.splitlines()]


def seconds(time_ns: int | None) -> str:
    return "" if time_ns is None else f"{time_ns // 10**9}.{time_ns % 10**9:09}"


def test_tshark_reads_what_we_write(written: Path) -> None:
    found = fields(written, "frame.time_epoch", "frame.cap_len", "frame.len", "ip.dst", "frame.interface_name")
    name = "lo" if written.suffix == ".pcapng" else ""
    expected = [[seconds(t), str(len(octets)), str(wire), "10.0.0.2", name] for t, octets, wire in PACKETS]
    assert found == expected


def test_tcpdump_reads_what_we_write(written: Path) -> None:
    if shutil.which("tcpdump") is None:
        pytest.skip("tcpdump is not installed")
    command = ["tcpdump", "-n", "-tt", "--nano", "-r", str(written)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = ran.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [seconds(time_ns) for time_ns in TIMES]
    assert all("10.0.0.1.1 > 10.0.0.2.9: UDP" in line for line in lines)


def test_dpkt_writes_what_we_read(tmp_path: Path) -> None:
    path = tmp_path / "dpkt.pcap"
    with path.open("wb") as file:
        writer = dpkt.pcap.Writer(file, nano=True)
        for seconds_ in (1, 2**31):
            writer.writepkt(ETHERNET, ts=seconds_)
    with read(path) as capture:
        assert [(frame.time_ns, frame.octets) for frame in capture] == [(10**9, ETHERNET), (2**31 * 10**9, ETHERNET)]


def modified(order: str) -> bytes:
    """The pcap of patched kernels: eight octets more in a record, for interface, protocol, direction."""
    parts = [made.pcap_header(order, made.MODIFIED)]
    for seconds_, octets, wire in PACKETS:
        record = made.pcap_record(octets, order, seconds_ // 10**9, 7, wire=wire)
        parts.append(record[:16] + bytes(8) + octets)
    return b"".join(parts)


def exchanged(order: str, version: tuple[int, int]) -> bytes:
    """The first pcap files: the length on the wire stands before the length captured."""
    parts = [made.pcap_header(order, version=version)]
    for seconds_, octets, wire in PACKETS:
        record = made.pcap_record(octets, order, seconds_ // 10**9, 7, wire=wire)
        parts.append(record[:8] + record[12:16] + record[8:12] + octets)
    return b"".join(parts)


def snoop(datalink: int) -> bytes:
    records = (made.snoop_record(octets, wire, pad=-len(octets) % 4) for _, octets, wire in PACKETS)
    return made.snoop_header(datalink=datalink) + b"".join(records)


OLD = {
    "modified, little-endian": modified("<"),
    "modified, big-endian": modified(">"),
    "2.2": exchanged("<", (2, 2)),
    "2.2, big-endian": exchanged(">", (2, 2)),
    "2.3": exchanged("<", (2, 3)),
    "2.3, later programs": made.pcap_header(version=(2, 3)) + made.pcap_record(ETHERNET),
    "snoop": snoop(4),
}


@pytest.mark.parametrize("kind", OLD)
def test_tshark_reads_old_formats_as_we_do(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(OLD[kind])
    with read(path) as capture:
        ours = [[seconds(f.time_ns), str(len(f.octets)), str(f.wire_length), "10.0.0.2"] for f in capture]
        assert not capture.defects
    assert fields(path, "frame.time_epoch", "frame.cap_len", "frame.len", "ip.dst") == ours
    assert len(ours) == (1 if kind == "2.3, later programs" else len(PACKETS))


# --- captures that this project did not make ------------------------------------------------------------------------


def shared(pattern: str) -> list[object]:
    folder = shared_captures_folder()
    found = sorted(folder.glob(pattern)) if folder else []
    if not found:
        return [pytest.param(None, marks=pytest.mark.skip(NO_SHARED))]
    return [pytest.param(path, id=path.name) for path in found]


EVERY = [*shared("*/*/*.pcap*"), *shared("*/*/*.snoop")]


@pytest.mark.parametrize("path", EVERY)
def test_every_frame_as_tshark_sees_it(path: Path) -> None:
    with read(path) as capture:
        ours = [[seconds(f.time_ns), str(f.captured_length), str(f.wire_length)] for f in capture]
        assert capture.read == capture.good + capture.damaged + capture.skipped
        # Newer ones show a custom block as a frame of its own.
        blocks = {"custom", "custom, not to be copied"}
        custom = sum(count for name, count in capture.notes.blocks.items() if name in blocks)
    theirs = fields(path, "frame.time_epoch", "frame.cap_len", "frame.len")
    if custom:
        assert len(theirs) in (len(ours), len(ours) + custom)
        left = iter(theirs)
        assert all(frame in left for frame in ours)
    else:
        assert theirs == ours


@pytest.mark.parametrize("path", shared("pcapng-generator/*/*.pcapng"))
def test_the_block_counts_are_those_that_the_generator_wrote_down(path: Path) -> None:
    abbreviations = {
        "SHB": "section header",
        "IDB": "interface description",
        "EPB": "enhanced packet",
        "SPB": "simple packet",
        "PB": "packet (obsolete)",
        "NRB": "name resolution",
        "ISB": "interface statistics",
        "CB": "custom",
        "DCB": "custom, not to be copied",
    }
    text = path.with_suffix(".txt").read_text().split("Block counts:")[1].split("Block sequence")[0]
    expected = {}
    for line in text.split("\n"):
        name, _, count = line.strip().partition(": ")
        if name and int(count):
            expected[abbreviations[name]] = int(count)
    with read(path) as capture:
        list(capture)
        assert dict(capture.notes.blocks) == expected


@pytest.mark.parametrize("path", EVERY)
def test_copies_are_lossless_and_conversions_keep_the_frames(path: Path, tmp_path: Path) -> None:
    with read(path) as capture:
        before = [(f.time_ns, f.octets, f.wire_length, f.linktype) for f in capture]
        plain = capture.format == "pcapng"
    for name in ("made.pcapng", "made.pcap"):
        target = tmp_path / name
        try:
            convert(path, target)
        except FieldError:
            assert len({linktype for *_, linktype in before}) > 1
            continue
        if plain and name == "made.pcapng":
            assert target.read_bytes() == path.read_bytes()
        with read(target) as capture:
            after = [(f.time_ns, f.octets, f.wire_length, f.linktype) for f in capture]
        assert [(time or 0, *rest) for time, *rest in after] == [(time or 0, *rest) for time, *rest in before]
