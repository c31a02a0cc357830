"""rawkit: the packets behind your sockets, read, built and explained.

A socket hides a conversation. rawkit takes the wall away: it reads and writes the headers by hand, and shows beside
every socket call the packets it caused. The rooms, ground floor first; imports go down only:

    errors     whose fault it was                  capture   capture files -> frames and back
    clock      where the time comes from           show      values -> something to look at
    wire       how a header is declared            analysis  conversations, and what they imply
    bundled    the captures that come with rawkit  interop   other libraries' dissectors
    protocols  one protocol a file, declarations   link      frames in and out
    timeline   calls, segments, states             lab       networks of one's own
    filter     which packets: tcpdump's language   cli       one file a command

The one rule of this room: `import rawkit` opens and loads nothing. The names that people type daily are all here, and
each loads its room on first use:

>>> import rawkit
>>> rawkit.checksum(bytes.fromhex("45000073000040004011 0000 c0a80001c0a800c7"))
47201

    read           open a capture: pcap, pcapng or snoop, plain or compressed
    Frame          a packet of a capture: octets, time, lengths, interface
    PcapWriter     write a pcap file
    PcapngWriter   write a pcapng file

    Packet         headers and what they carry; Packet.decode(octets) reads one, and `a / b` makes one
    Header         the base of every header: TCP, IPv4, ... are lists of fields
    Trailer        octets behind a packet's end, as Ethernet's padding: packet / Trailer(octets)
    AUTO           the value of a field that is to be computed: TCP(checksum=AUTO)
    from_hex       the octets of a hex dump, as people copy it
    checksum       the Internet checksum of octets (RFC 1071)
    fields         a quick function from a packet's octets to its named fields
    IPv4Address    a header's address: a text that is checked; also IPv6Address and MACAddress

    RawkitError    the base of all errors here
    FieldError     a value that a field cannot take; also a ValueError
    CaptureError   a file that cannot be opened as a capture, and where it fails
    Defect         what is wrong in a packet or a file; collected, and raised only when strict

Every other name is a protocol's (Ethernet, IPv4, TCP, MSS, ...): `help(rawkit.TCP)` shows its fields, and
`rawkit explain tcp` what they mean.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:  # what a type checker reads; the table below says the same to the interpreter (a test compares them)
    from rawkit.capture import Frame as Frame
    from rawkit.capture import PcapngWriter as PcapngWriter
    from rawkit.capture import PcapWriter as PcapWriter
    from rawkit.capture import read as read
    from rawkit.errors import CaptureError as CaptureError
    from rawkit.errors import Defect as Defect
    from rawkit.errors import FieldError as FieldError
    from rawkit.errors import RawkitError as RawkitError
    from rawkit.protocols import *  # noqa: F403
    from rawkit.protocols.fields import fields as fields
    from rawkit.wire import AUTO as AUTO
    from rawkit.wire import Header as Header
    from rawkit.wire import Packet as Packet
    from rawkit.wire import Trailer as Trailer
    from rawkit.wire import checksum as checksum
    from rawkit.wire import from_hex as from_hex
    from rawkit.wire.address import IPv4Address as IPv4Address
    from rawkit.wire.address import IPv6Address as IPv6Address
    from rawkit.wire.address import MACAddress as MACAddress

_ROOMS = {
    "rawkit.errors": ("CaptureError", "Defect", "FieldError", "RawkitError"),
    "rawkit.wire": ("AUTO", "Header", "Packet", "Trailer", "checksum", "from_hex"),
    "rawkit.wire.address": ("IPv4Address", "IPv6Address", "MACAddress"),
    "rawkit.protocols.fields": ("fields",),
    "rawkit.capture": ("Frame", "PcapWriter", "PcapngWriter", "read"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}  # every other name is a protocol's


def _names() -> list[str]:
    """Every public name: the table's, then those that the protocols declare."""
    return [*_ROOM_OF, *import_module("rawkit.protocols").__all__]


if not TYPE_CHECKING:  # hidden from type checkers, so that a misspelt name is an error there too

    def __getattr__(name: str) -> object:
        """Load the room that has `name`, and keep the value for the next time."""
        if name == "__all__":  # asked for by `from rawkit import *`
            return _names()
        room = _ROOM_OF.get(name)
        if room is None:
            if name.startswith("_") or name not in (known := _names()):
                raise AttributeError(_unknown(name, [] if name.startswith("_") else known))
            room = "rawkit.protocols"
        value = getattr(import_module(room), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_names()})


def _unknown(name: str, known: list[str]) -> str:
    from rawkit.errors import nearest

    return f"module 'rawkit' has no attribute {name!r}{nearest(name, known)}"
