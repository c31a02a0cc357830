"""Which function builds which capture, and what they build with."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from rawkit import UDP, Ethernet, IPv4, Packet, PcapWriter, bundled, read
from rawkit.capture import Frame

START_NS = 1_800_000_000_000_000_000  # 2027-01-15: the built captures' first moment
STEP_NS = 1_000_000  # one millisecond between packets

CLIENT, SERVER = "10.0.0.1", "10.0.0.2"
LINE = b"hello, wire\n"
TO_SERVER = Ethernet(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
TO_CLIENT = Ethernet(src="02:00:00:00:00:02", dst="02:00:00:00:00:01")

Frames = Sequence[Frame]
Make = Callable[[Random], bytes]
Alter = Callable[[Frames], bytes]


@dataclass(frozen=True)
class Plan:
    """How a capture is built: from a seed, or of another capture."""

    make: Callable[[], bytes]
    seed: int | None = None
    of: str | None = None


BUILT: dict[str, Plan] = {}  # name under captures/ -> how it is built


def built(name: str, seed: int) -> Callable[[Make], Make]:
    """Enter a function under its capture's name, suffix included."""

    def enter(make: Make) -> Make:
        BUILT[name] = Plan(lambda: make(Random(seed)), seed=seed)
        return make

    return enter


def altered(name: str, of: str) -> Callable[[Alter], Alter]:
    """Enter a function that makes a capture of another one."""

    def enter(alter: Alter) -> Alter:
        BUILT[name] = Plan(lambda: alter(frames(of)), of=of)
        return alter

    return enter


def build(name: str) -> bytes:
    """The file's octets, the same at each call."""
    return BUILT[name].make()


def frames(name: str) -> Frames:
    """Those of a capture that is there already."""
    with read(bundled.path(name)) as capture:
        return list(capture)


def ephemeral(choose: Random) -> int:
    """A port as Linux picks one for a client."""
    return choose.randint(32768, 60999)


def pcap(packets: Iterable[Packet | bytes], linktype: int = 1) -> bytes:
    """A pcap file of these, a step apart."""
    file = io.BytesIO()
    with PcapWriter(file, linktype=linktype) as writer:
        for number, packet in enumerate(packets):
            writer.write_octets(bytes(packet), time_ns=START_NS + number * STEP_NS)
    return file.getvalue()


def timed_pcap(packets: Iterable[tuple[int, bytes]]) -> bytes:
    """A pcap file of (time in nanoseconds, octets)."""
    file = io.BytesIO()
    with PcapWriter(file) as writer:
        for time_ns, octets in packets:
            writer.write_octets(octets, time_ns=time_ns)
    return file.getvalue()


def dialogue(choose: Random) -> list[Packet]:
    """Three datagrams: a question, its answer, a thank-you."""
    port = ephemeral(choose)
    ask, answer = UDP(sport=port, dport=7), UDP(sport=7, dport=port)
    there, back = IPv4(src=CLIENT, dst=SERVER), IPv4(src=SERVER, dst=CLIENT)
    return [
        TO_SERVER / there / ask / b"is anybody there?",
        TO_CLIENT / back / answer / b"yes",
        TO_SERVER / there / ask / b"thank you",
    ]
