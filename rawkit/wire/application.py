"""What a packet carries above its last header, when a dissector knows it: a value beside the octets, never instead."""

from __future__ import annotations

from typing import Any

from rawkit.errors import Defect
from rawkit.wire.reference import resolve


class Application:
    """Base of dissected payloads. `octets` is the payload; subclasses add what they understood.

    `wireshark` is the protocol's name there ("dns"); `summary()` one line; `fields()` the values to show, as
    (Wireshark's name, value), in order.
    """

    wireshark = ""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets

    def __bytes__(self) -> bytes:
        return self.octets

    def summary(self) -> str:
        raise NotImplementedError

    def fields(self) -> list[tuple[str, Any]]:
        raise NotImplementedError

    def parts(self) -> list[tuple[str, int, int, str]]:
        """What has a fixed place in the octets: (Wireshark's name, begin, end, value as text)."""
        return []


class Applications:
    """Which dissector a payload goes to, by the numbers in some fields of the last header (ports: destination first).

    A dissector is a string, `"rawkit.interop.dns:decode"`: it is imported when the first such payload is met, takes the
    octets, and gives an `Application`, or None where the octets are only a part of what it could read.
    """

    def __init__(self, *fields: str) -> None:
        self.fields = fields
        self.dissectors: dict[int, str] = {}

    def bind(self, number: int, dissector: str) -> None:
        """Send payloads with `number` in one of the fields to `dissector`."""
        self.dissectors[number] = dissector

    def dissect(self, header: Any, payload: bytes, offset: int) -> Application | Defect | None:
        """The payload understood; a Defect at `offset` where its dissector failed; None where there is none."""
        number = next((n for n in (getattr(header, name) for name in self.fields) if n in self.dissectors), None)
        if number is None or not payload:
            return None
        reference = self.dissectors[number]
        try:
            found: Application | None = resolve(reference)(payload)
        except Defect as defect:
            layer, field, place, *rest = defect.args
            return Defect(layer, field, offset + place, *rest)
        except Exception as error:  # whatever a dissector's library raises on octets from the network
            name = reference.partition(":")[0].rpartition(".")[2].upper()
            why = f"not understood: {error or type(error).__name__}"
            return Defect(name, "", offset, f"{len(payload)} octets", f"a {name} message", why)
        return found
