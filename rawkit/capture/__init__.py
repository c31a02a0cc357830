"""Capture files."""

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.linktypes import LinkType
from rawkit.capture.output import WriteError
from rawkit.capture.pcap_writer import PcapWriter
from rawkit.capture.pcapng_writer import PcapngWriter
from rawkit.capture.reader import Capture, read

__all__ = ["Capture", "Frame", "Interface", "LinkType", "PcapWriter", "PcapngWriter", "WriteError", "read"]
