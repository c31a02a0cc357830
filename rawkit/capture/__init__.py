"""Capture files -> frames, and back: pcap, pcapng and snoop, plain, gzip or zstd.

The one rule: nothing is lost and nothing is made up. A frame has exactly the octets that the file holds of it, and its
time as an integer; what comes before damage is delivered, what is damaged is counted and named (`Capture.defects`), and
`read = good + damaged + skipped` always. A file that is written is whole or absent, and holds whole records only.

Where things are: `source` opens what is read and `reader` tells the format by its content; `stream` is the window over
the octets, `compression` unpacks them; `pcap`, `pcapng`, `snoop` turn them into frames (`lengths` judges what all three
say of a frame; `pcapng_blocks` is pcapng's outer form, `pcapng_options` its typed options, `pcapng_notes` what such a
file says beside its packets); `frame` and `linktypes` say what a frame is; `place` makes files, `output` fills them
with whole records, which `pcap_writer` and `pcapng_writer` (both a `writer`) give; `convert` reads and writes, with the
header that `pcap_fitting` finds, and `losses` counts what a format cannot hold.

>>> import io
>>> file = io.BytesIO()
>>> with PcapngWriter(file) as writer:
...     lo = writer.add_interface(name="lo")
...     writer.write_octets(bytes(60), time_ns=1_700_000_000_123_456_789, interface=lo, comment="nothing in it")
>>> damaged = io.BytesIO(file.getvalue() + b"half a block")
>>> with read(damaged) as capture:
...     for frame in capture:
...         print(frame.number, frame.time_ns, frame.captured_length, frame.interface.name, frame.comment)
1 1700000000123456789 60 lo nothing in it
>>> capture.format, capture.read, capture.good, capture.damaged, capture.skipped
('pcapng', 2, 1, 1, 0)

Not done: writing snoop; an index for jumping to a packet.
"""

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.linktypes import LinkType
from rawkit.capture.output import WriteError
from rawkit.capture.pcap_writer import PcapWriter
from rawkit.capture.pcapng_writer import PcapngWriter
from rawkit.capture.reader import Capture, read

__all__ = ["Capture", "Frame", "Interface", "LinkType", "PcapWriter", "PcapngWriter", "WriteError", "read"]
