"""What a packet carries above its last header, when a dissector knows it: a value beside the octets, never instead."""

from __future__ import annotations

from typing import Any

from rawkit.errors import Defect
from rawkit.wire.numbers import Numbers
from rawkit.wire.reference import resolve

MAX_COMPLAINT = 100
"""Characters of what a library says."""


class Application:
    """Base of dissected payloads, made from their octets; subclasses add what they understood.

    `wireshark` is the protocol's name there ("dns"); `summary()` one line; `fields()` the values to show, as
    (Wireshark's name, value), in order. Two are equal when they are of one class and have the same octets.
    """

    wireshark = ""
    continues = False
    """Whether its last message goes on in later segments of the stream."""
    continuation = False
    """Whether nothing of it could be read, because it begins inside a message of earlier segments, or is none."""
    defects: tuple[Defect, ...] = ()
    """What is wrong in a payload of which something was understood; offsets count from its start."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets

    def summary(self) -> str:
        raise NotImplementedError

    def fields(self) -> list[tuple[str, Any]]:
        raise NotImplementedError

    def parts(self) -> list[tuple[str, int, int, str]]:
        """What has a fixed place in the octets: (Wireshark's name, begin, end, value as text)."""
        return []

    def __bytes__(self) -> bytes:
        return self.octets

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.summary()}>"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, Application) and other.octets == self.octets

    def __hash__(self) -> int:
        return hash(self.octets)

    def __reduce__(self) -> Any:
        return (type(self), (self.octets,))


class Applications(Numbers):
    """What is carried, by the numbers in some fields of the header around it (ports: destination first): one more
    header, or an application.

    A header is a class, which follows where the first of the fields has its number (the role `Port` sees to that). A
    dissector of an application is a string, `"rawkit.interop.dns:decode"`: it is imported when the first such payload
    is met, takes the octets, and gives an `Application`, or None where there is nothing that it could read. Where no
    number is bound, the payload's first octets may name one (`recognise`): what it gives counts only where nothing is
    wrong in it, because octets of another protocol are not to be blamed.
    """

    def __init__(self, name: str, *fields: str) -> None:
        super().__init__(name)
        self.fields = fields
        self.dissectors: dict[int, str] = {}
        self.beginnings: dict[bytes, str] = {}

    def bind(self, number: int, follows: Any) -> None:
        """Let `number` in the first field mean a header class, in any of the fields a dissector."""
        if isinstance(follows, str):
            self.dissectors[number] = follows
        else:
            super().bind(number, follows)

    def recognise(self, beginning: bytes, dissector: str) -> None:
        """Send payloads that begin so, and have no bound number, to `dissector`."""
        self.beginnings[beginning] = dissector

    def dissect(self, header: Any, payload: bytes, offset: int) -> Application | Defect | None:
        """The payload understood; a Defect at `offset` where its dissector failed; None where there is none."""
        if not payload:
            return None
        number = next((n for n in (getattr(header, name) for name in self.fields) if n in self.dissectors), None)
        if number is not None:
            return attempt(self.dissectors[number], payload, offset)
        reference = next((self.beginnings[each] for each in self.beginnings if payload.startswith(each)), None)
        found = attempt(reference, payload, offset) if reference is not None else None
        return found if isinstance(found, Application) and not found.defects else None


def attempt(reference: str, payload: bytes, offset: int) -> Application | Defect | None:
    """What a dissector makes of a payload that begins at `offset` in its packet."""
    try:
        found: Application | None = resolve(reference)(payload)
    except Defect as defect:
        return moved(defect, offset)
    except Exception as error:  # whatever a dissector's library raises on octets from the network
        name = reference.partition(":")[0].rpartition(".")[2].upper()
        why = f"not understood: {complaint(error)}"
        return Defect(name, "", offset, f"{len(payload)} octets", f"a {name} message", why)
    return found


def complaint(error: Exception) -> str:
    """What a library says of octets, in one short line: some quote all of them."""
    return str(error).partition("\n")[0][:MAX_COMPLAINT] or type(error).__name__


def moved(defect: Defect, offset: int) -> Defect:
    """A defect whose offset counted from a payload's start, counted from the packet's."""
    layer, field, place, *rest = defect.args
    return Defect(layer, field, offset + place, *rest)
