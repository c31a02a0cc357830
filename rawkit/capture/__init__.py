"""Capture files."""

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.linktypes import LinkType
from rawkit.capture.reader import Capture, read

__all__ = ["Capture", "Frame", "Interface", "LinkType", "read"]
