"""A frame as one JSON object, by Wireshark's names, so that tshark and rawkit can be compared field by field.

Under a Wireshark name stands what Wireshark means by it, and nothing else (see `wireshark.py`). What it has no name for
has a key that begins with `rawkit.`: verdicts, the correct value of a wrong field, our own fields. Numbers are numbers,
addresses text, octets colon-separated hexadecimal; a name that occurs several times in a layer has a list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from operator import attrgetter
from typing import Any

from rawkit.errors import Defect
from rawkit.protocols.catalog import wireshark_name
from rawkit.show.places import payload_length
from rawkit.show.seen import Frame
from rawkit.show.times import seconds
from rawkit.show.values import option_text
from rawkit.show.wireshark import (
    ADDED,
    DIFFERENT,
    LAYERS,
    PAYLOADS,
    STACKED,
    TABLES_OF_THEIR_OWN,
    further_ends,
    name_here,
    text,
)
from rawkit.wire import Flags, NextHeader, Packet, Verdict, regions
from rawkit.wire.field import FlagsField, Repeat, Tail
from rawkit.wire.quotation import DEEPER, MAX_QUOTATIONS
from rawkit.wire.role import LENGTH_LIMIT

Layer = dict[str, Any]


def json_line(frame: Frame, **extra: Any) -> str:
    """`record` as one line of ASCII. `extra` comes first."""
    return json.dumps(extra | record(frame))


def record(frame: Frame) -> dict[str, Any]:
    """A frame as plain values: numbers, texts, lists, dictionaries."""
    packet = frame.packet
    defects = [*frame.defects, *packet.defects]
    return {
        "frame.number": frame.number,
        "frame.time_epoch": None if frame.time_ns is None else seconds(frame.time_ns, 9),
        "frame.len": frame.wire_length,
        "frame.cap_len": frame.captured_length,
        "frame.protocols": ":".join([*raw(frame), *protocols(packet)]),
        **({"frame.comment": frame.comment} if frame.comment else {}),
        "layers": packet_layers(packet),
        **({"rawkit.trailer": octets_text(packet.trailer)} if packet.trailer else {}),
        "defects": [defect_record(defect) for defect in defects],
    }


def defect_record(defect: Defect) -> dict[str, Any]:
    """The six parts of a defect."""
    names = ("layer", "field", "offset", "found", "expected", "why")
    return {name: plain(getattr(defect, name)) for name in names}


def raw(frame: Frame) -> list[str]:
    """Wireshark's name for having no link header at all."""
    return ["raw"] if frame.linktype.name.startswith("RAW") and frame.packet.layers else []


def protocols(packet: Packet, depth: int = 0) -> Iterator[str]:
    """The names that `frame.protocols` joins; "ethertype" and "data" are layers to Wireshark."""
    for header, before in zip(packet.layers, (None, *packet.layers), strict=False):
        layout = type(header).layout
        if layout.part_of or stacked(header, before):
            continue
        yield layer_name(header)
        if ethertype(header):
            yield "ethertype"
    inner = packet.quoted if depth < MAX_QUOTATIONS else None
    application = packet.application
    if application is not None:
        yield application.wireshark or "data"
    elif inner is not None and inner.layers:
        yield from protocols(inner, depth + 1)
    elif packet.payload:
        yield "data"


def stacked(header: Any, before: Any) -> bool:
    """Whether it is one more label of a stack, which is one layer to Wireshark."""
    return type(header) is type(before) and layer_name(header) in STACKED


def ethertype(header: Any) -> bool:
    """Whether Wireshark finds what follows by an EtherType, and says so."""
    field = type(header).layout.next_field
    role = field.role if field is not None else None
    return (
        isinstance(role, NextHeader)
        and role.numbers.name == "EtherType"
        and layer_name(header) not in TABLES_OF_THEIR_OWN
        and getattr(header, field.name) >= LENGTH_LIMIT
        and name_here(header, key(type(header), field)) == key(type(header), field)
    )


def layer_name(header: Any) -> str:
    """Wireshark's name of a header, or `rawkit.` and ours."""
    layout = type(header).layout
    return LAYERS.get(layout.name) or layout.wireshark or f"rawkit.{layout.name.lower()}"


def packet_layers(packet: Packet, depth: int = 0) -> list[Layer]:
    """A dictionary for each protocol, outermost first; a quoted packet's follow those of the error that quotes it."""
    layers: list[Layer] = []
    verdicts: dict[int, list[Verdict]] = {}
    for verdict in packet.check():
        verdicts.setdefault(verdict.index, []).append(verdict)
    for index, header in enumerate(packet.layers):
        layout, before = type(header).layout, packet.layers[index - 1] if index else None
        if not (layout.part_of or stacked(header, before)) or not layers:
            layers.append({"layer": layer_name(header)})
        fill(layers[-1], header_items(header, before))
        fill(layers[-1], judgement_items(verdicts.get(index, [])))
        if layers[-1]["layer"] == "udp" and header is not packet.layers[-1]:  # around a tunnel it is payload, too
            layers[-1]["udp.payload"] = octets_text(regions(packet)[index].data)
    return layers + content(packet, layers[-1] if layers else {}, depth)


def content(packet: Packet, last: Layer, depth: int) -> list[Layer]:
    """What the last header carries: TCP's and UDP's payload in their layer, a quoted packet's layers, or plain data.

    Not under `data.data`: to Wireshark that is what no dissector took, and it has more of them.
    """
    payload, application = packet.payload, packet.application
    name = last.get("layer")
    if name == "tcp" and not depth:  # of a quoted segment Wireshark does not tell how much data it had
        last["tcp.len"] = payload_length(packet)
    if payload and name in PAYLOADS:
        last[PAYLOADS[name]] = octets_text(payload)
    if application is not None:
        layer: Layer = {"layer": application.wireshark or "data"}
        fill(layer, ((key, plain(value)) for key, value in application.fields()))
        spans = {"rawkit.continues": application.continues, "rawkit.continuation": application.continuation}
        return [layer | {key: True for key, value in spans.items() if value}]
    inner = packet.quoted if depth < MAX_QUOTATIONS else None
    if inner is not None and inner.layers:
        return packet_layers(inner, depth + 1)
    if payload and name not in PAYLOADS:
        deeper: Layer = {"rawkit.quoted": DEEPER} if depth == MAX_QUOTATIONS and packet.quoted is not None else {}
        return [{"layer": "data", "rawkit.payload": octets_text(payload)} | deeper]
    return []


def fill(layer: Layer, items: Iterator[tuple[str, Any]]) -> None:
    """Put names and values into a layer; a name that is there already gets a list."""
    for name, value in items:
        if name not in layer:
            layer[name] = value
        elif isinstance(layer[name], list):
            layer[name].append(value)
        else:
            layer[name] = [layer[name], value]


def header_items(header: Any, before: Any) -> Iterator[tuple[str, Any]]:
    """Names and values of a header's fields, flags bit by bit too, options one by one. `before`: the header before."""
    kind: Any = type(header)
    for name, read in getters(kind):
        value = read(header)
        if isinstance(value, Spread):
            yield from value
        elif name in DIFFERENT:
            yield name_here(header, name, before), plain(DIFFERENT[name](header))
        elif value is not None:
            yield name_here(header, name, before), plain(text(name, value))


class Spread(list[tuple[str, Any]]):
    """Several names and values that one field gives."""


@cache
def getters(kind: Any) -> list[tuple[str, Callable[[Any], Any]]]:
    """(Wireshark's name, how to read it) for each field of a header class, and for each bit of its flags."""
    found: list[tuple[str, Callable[[Any], Any]]] = []
    layout = kind.layout
    for name, field in layout.fields.items():
        if isinstance(field, Tail):
            found.append(("", partial(spread_options, name=name)))
        elif isinstance(field, Repeat) and any(item.wireshark for item in field.items):
            found.append(("", partial(spread_repeat, field=field)))
        else:
            found.append((key(kind, field), attrgetter(name)))
        if isinstance(field, FlagsField):
            found += [(bit.wireshark, attrgetter(f"{name}.{bit.name}")) for bit in field.kind.bits if bit.wireshark]
    return [*found, *ADDED.get(layout.wireshark, {}).items()]


def key(kind: Any, field: Any) -> str:
    """`tcp.srcport`; `rawkit.` and our name where Wireshark has none."""
    return wireshark_name(kind, field.name) or f"rawkit.{field.name}"


def spread_options(header: Any, name: str) -> Spread:
    """Every option's fields by name, and all options in our words."""
    found = Spread()
    options = getattr(header, name) or ()
    for option in options:
        for field in type(option).layout.fields.values():
            if isinstance(field, Repeat) and any(item.wireshark for item in field.items):
                found += spread_repeat(option, field)
            else:
                own = key(type(option), field)
                name = name_here(option, own)
                found += [(name, plain(text(own, value))) for value in told(getattr(option, field.name))]
    named = [(name, value) for name, value in found if not name.startswith("rawkit.")]
    texts = [("rawkit.options", [option_text(option) for option in options])] if options else []
    return Spread([*named, *further_ends(header, options), *texts])


def told(value: Any) -> tuple[Any, ...]:
    """The values of an option's field, one by one; octets only where there are any."""
    if isinstance(value, tuple):
        return value
    return () if value == b"" else (value,)


def spread_repeat(header: Any, field: Repeat) -> Spread:
    """The columns of a repeated field whose parts have names of their own."""
    found = Spread()
    for turn in getattr(header, field.name) or ():
        values = turn if len(field.items) > 1 else (turn,)
        for item, value in zip(field.items, values, strict=True):
            if item.wireshark:
                found.append((f"{type(header).layout.wireshark}.{item.wireshark}", plain(value)))
    return found


def judgement_items(verdicts: list[Verdict]) -> Iterator[tuple[str, Any]]:
    """What is known about the computed fields: the state of checksums, and the correct value of whatever is wrong."""
    for verdict in verdicts:
        if verdict.checksum or verdict.state == "bad":
            yield f"rawkit.{verdict.field}.state", verdict.state
        if verdict.state in ("bad", "partial") and verdict.expected is not None:
            yield f"rawkit.{verdict.field}.correct", verdict.expected


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, Flags)):
        return int(value)
    if isinstance(value, (bytes, bytearray)):
        return octets_text(value)
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return str(value)


def octets_text(octets: bytes | bytearray) -> str:
    """`68:65:6c`."""
    return octets.hex(":")
