"""Laws that hold for every header and every octet; the declarations say what to draw."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

import rawkit.protocols
from rawkit.wire import AUTO, Chooser, Header, Packet, Trailer, Verdict
from rawkit.wire.checksum_role import Checksum
from rawkit.wire.field import Tail
from rawkit.wire.role import HeaderLength
from tests.wire.strategies import (
    HEADERS,
    OPTIONS,
    aligned,
    damaged,
    firsts,
    header_of,
    octets_from_anywhere,
    option_of,
    packets,
    shaped_by_others,
    value,
    values_of,
)

LAW = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

NAMES: dict[str, Any] = {name: getattr(rawkit.protocols, name) for name in rawkit.protocols.__all__}
NAMES |= {"Packet": Packet, "Trailer": Trailer}
"""What an expression of `to_python` may name."""

headers = pytest.mark.parametrize("cls", HEADERS, ids=lambda cls: cls.__name__)


def same(given_value: Any, found: Any) -> bool:
    """Whether a field reads as what was given; padding may follow options."""
    if isinstance(found, tuple) and isinstance(given_value, tuple):
        return found[: len(given_value)] == given_value
    return bool(found == given_value)


# -- build, then decode ---------------------------------------------------------------------------------------------


@headers
@LAW
@given(st.data())
def test_what_is_built_is_read_back(cls: Any, data: st.DataObject) -> None:
    header = data.draw(header_of(cls))
    packet = Packet.decode(bytes(header), first=cls)
    assert packet.layers[:1] == (header,)
    for name in cls.layout.fields:
        assert getattr(packet.layers[0], name) == getattr(header, name), name


FREE = [cls for cls in HEADERS if not any(map(shaped_by_others, cls.layout.variable))]
"""Headers that hold together whatever their fields say; the test above draws the others."""


@pytest.mark.parametrize("cls", FREE, ids=lambda cls: cls.__name__)
@LAW
@given(st.data())
def test_fields_read_as_they_were_given(cls: Any, data: st.DataObject) -> None:
    values = aligned(cls, data.draw(values_of(cls)))
    header = cls(**values)
    for name, wanted in values.items():
        if isinstance(wanted, tuple) and wanted and not isinstance(cls.layout.fields[name], Tail):
            assert getattr(header, name) == wanted, name
        assert same(wanted, getattr(header, name)), name


@pytest.mark.parametrize("cls", OPTIONS, ids=lambda cls: cls.__name__)
@LAW
@given(st.data())
def test_options_survive_their_expression_and_pickling(cls: Any, data: st.DataObject) -> None:
    option = data.draw(option_of(cls))
    assert eval(repr(option), NAMES) == option
    assert pickle.loads(pickle.dumps(option)) == option


def forbids_more(header: Header) -> bool:
    """Whether what follows is not to be taken for a header: it is a later fragment."""
    field = type(header).layout.next_field
    role: Any = field.role if field else None
    return bool(role and role.unless and getattr(header, role.unless))


@LAW
@given(st.data())
def test_a_built_chain_is_read_back_as_far_as_it_is_announced(data: st.DataObject) -> None:
    packet = data.draw(packets(data.draw(firsts())))
    decoded = Packet.decode(packet.octets, first=type(packet.layers[0]))
    announced = 1 + next((at for at, header in enumerate(packet.layers) if forbids_more(header)), len(packet.layers))
    assert decoded.layers[:announced] == packet.layers[:announced]
    assert len(decoded.layers) >= min(announced, len(packet.layers))
    assert decoded.octets == packet.octets


# -- any octets -----------------------------------------------------------------------------------------------------


def holds_for_any_packet(packet: Packet, octets: bytes, first: Any) -> None:
    """The laws of a decoded packet, whatever its octets."""
    assert packet.octets == octets
    again = Packet(*packet.layers, packet.payload, packet.trailer)
    assert again.octets == octets
    assert again == packet
    other = Packet.decode(bytes(octets), first=first)
    assert other == packet
    assert hash(other) == hash(packet)
    assert other.defects == packet.defects
    assert other.check() == packet.check()
    assert other.to_python() == packet.to_python()
    assert all(0 <= defect.offset <= len(octets) for defect in packet.defects)
    for header in packet.layers:
        assert bytes(header) == octets[header.layout.offset :][: len(bytes(header))]


@LAW
@given(st.data())
def test_any_octets_decode_and_encode_to_themselves(data: st.DataObject) -> None:
    first = data.draw(firsts())
    octets = data.draw(octets_from_anywhere(first))
    packet = Packet.decode(octets, first=first)
    event(f"{len(packet.layers)} headers")
    holds_for_any_packet(packet, octets, first)


@headers
@settings(LAW, max_examples=25)
@given(st.data())
def test_any_octets_can_begin_with_any_header(cls: Any, data: st.DataObject) -> None:
    octets = data.draw(octets_from_anywhere(cls))
    holds_for_any_packet(Packet.decode(octets, first=cls), octets, cls)


@settings(LAW, max_examples=15)
@given(st.data())
def test_a_packet_cut_anywhere_still_encodes_to_itself(data: st.DataObject) -> None:
    first = data.draw(firsts())
    octets = bytes(data.draw(packets(first)))
    for cut in range(len(octets)):
        packet = Packet.decode(octets[:cut], first=first)
        assert bytes(Packet(*packet.layers, packet.payload, packet.trailer)) == octets[:cut]
        snapped = Packet.decode(octets[:cut], first=first, wire_length=len(octets))
        assert bytes(snapped) == octets[:cut]
        assert snapped.check() == Packet.decode(octets[:cut], first=first, wire_length=len(octets)).check()


@LAW
@given(st.data())
def test_the_expression_of_a_packet_builds_it(data: st.DataObject) -> None:
    first = data.draw(firsts())
    packet = Packet.decode(data.draw(octets_from_anywhere(first)), first=first)
    built = eval(packet.to_python(), NAMES)
    assert built == packet, packet.to_python()


@LAW
@given(st.data())
def test_a_packet_survives_pickling(data: st.DataObject) -> None:
    first = data.draw(firsts())
    octets = data.draw(octets_from_anywhere(first))
    packet = Packet.decode(octets, first=first, wire_length=len(octets) + data.draw(st.integers(0, 3)))
    copy = pickle.loads(pickle.dumps(packet))
    assert copy == packet
    assert (copy.wire_length, copy.defects, copy.check()) == (packet.wire_length, packet.defects, packet.check())
    for header in packet.layers:
        assert pickle.loads(pickle.dumps(header)) == header


# -- edits ----------------------------------------------------------------------------------------------------------


def judged(packet: Packet) -> dict[tuple[int, str], Verdict]:
    """The verdicts by place."""
    return {(verdict.index, verdict.field): verdict for verdict in packet.check()}


@LAW
@given(st.data())
def test_replacing_a_value_with_itself_changes_nothing(data: st.DataObject) -> None:
    first = data.draw(firsts())
    packet = Packet.decode(data.draw(octets_from_anywhere(first)), first=first)
    for header in packet.layers:
        assert packet.replace(header) == packet
        for name, field in type(header).layout.fields.items():
            current = getattr(header, name)
            if isinstance(field, Tail) or shaped_by_others(field):
                continue  # options that do not hold together have no value to give; see the next law
            assert packet.replace(header, **{name: current}).octets == packet.octets, f"{header!r}.{name}"
    assert packet.replace(payload=packet.payload).octets == packet.octets
    assert packet.replace(trailer=packet.trailer).octets == packet.octets


@LAW
@given(st.data())
def test_an_edit_is_narrow(data: st.DataObject) -> None:
    first = data.draw(firsts())
    octets = bytes(data.draw(packets(first)))
    packet = Packet.decode(data.draw(damaged(octets)), first=first)
    editable = [
        (index, name, field)
        for index, header in enumerate(packet.layers)
        for name, field in type(header).layout.fields.items()
        if field in type(header).layout.fixed
    ]
    assume(editable)
    index, name, field = data.draw(st.sampled_from(editable))
    wanted = data.draw(value(field, 0))
    edited = packet.replace(packet.layers[index], **{name: wanted})
    assert getattr(edited.layers[index], name) == wanted
    before = judged(packet)
    for at, (old, new) in enumerate(zip(packet.layers, edited.layers, strict=True)):
        assert type(old) is type(new)
        layout = type(old).layout
        assert bytes(new)[layout.size :] == bytes(old)[layout.size :]
        for other, declaration in layout.fields.items():
            if (at, other) == (index, name) or declaration not in layout.fixed:
                continue
            if not declaration.computed or (at, other) not in before or before[at, other].state != "good":
                assert getattr(new, other) == getattr(old, other), f"{type(old).__name__}.{other}"
    assert (edited.payload, edited.trailer) == (packet.payload, packet.trailer)


@LAW
@given(st.data())
def test_a_wrong_checksum_stays(data: st.DataObject) -> None:
    first = data.draw(firsts())
    packet = data.draw(packets(first))
    summed = [v for v in packet.check() if v.checksum and v.state == "good"]
    assume(summed)
    verdict = data.draw(st.sampled_from(summed))
    wrong = (verdict.found + data.draw(st.integers(1, 65533))) % 65535 or 1
    assume(wrong % 65535 != verdict.found % 65535)
    fields: dict[str, Any] = {verdict.field: wrong}
    damaged_packet = packet.replace(packet.layers[verdict.index], **fields)
    octets = damaged_packet.octets
    decoded = Packet.decode(octets, first=first)
    assume(len(decoded.layers) == len(packet.layers))
    assert judged(decoded)[verdict.index, verdict.field].state != "good"
    edited = decoded.replace(payload=b"other octets")
    assert getattr(edited.layers[verdict.index], verdict.field) == wrong


@LAW
@given(st.data())
def test_recompute_makes_every_verdict_good(data: st.DataObject) -> None:
    first = data.draw(firsts())
    packet = Packet.decode(data.draw(octets_from_anywhere(first)), first=first)
    recomputed = packet.replace(recompute=True)
    for verdict in recomputed.check():
        header = recomputed.layers[verdict.index]
        role = type(header).layout.fields[verdict.field].role
        if isinstance(role, HeaderLength) and (len(bytes(header)) - role.plus) % role.unit:
            continue  # the header was cut inside a unit: no length is right
        assert verdict.state != "bad", str(verdict)


@LAW
@given(st.data())
def test_what_the_builder_fills_is_good(data: st.DataObject) -> None:
    packet = data.draw(packets(data.draw(firsts())))
    for verdict in packet.check():
        assert verdict.state in ("good", "unverifiable", "absent"), str(verdict)
        if verdict.state == "absent":  # nothing around it has a pseudo-header to sum
            assert verdict.expected is None
        role = type(packet.layers[verdict.index]).layout.fields[verdict.field].role
        assert verdict.checksum == isinstance(role, Checksum)


@headers
@LAW
@given(st.data())
def test_auto_is_the_default_of_computed_fields(cls: Any, data: st.DataObject) -> None:
    header = data.draw(header_of(cls))
    assert header.layout.set == frozenset()
    assert cls(**dict.fromkeys(cls.layout.computed, AUTO)) == cls()


@pytest.mark.parametrize("cls", [cls for cls in HEADERS if cls.layout.computed], ids=lambda cls: cls.__name__)
@LAW
@given(st.data())
def test_a_computed_field_set_by_hand_is_kept(cls: Any, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(cls.layout.computed))
    number = data.draw(st.integers(0, cls.layout.fields[name].mask))
    header = cls(**{name: number})
    assert header.layout.set == {name}
    assert getattr(header, name) == number
    assert getattr(Packet(header, b"data").layers[0], name) == number


# -- the short ways agree with the long one -------------------------------------------------------------------------


def the_long_way(cls: Any) -> Chooser:
    """The same first header, which a packet cannot decode in one step because something chooses it."""
    return Chooser(cls.__name__, 0, lambda head, _: cls, (cls,))


@LAW
@given(st.data())
def test_common_chains_in_one_step_are_decoded_as_header_by_header(data: st.DataObject) -> None:
    first = data.draw(firsts())
    octets = data.draw(octets_from_anywhere(first))
    wire_length = len(octets) + data.draw(st.integers(0, 20))
    short = Packet.decode(octets, first=first, wire_length=wire_length)
    long = Packet.decode(octets, first=the_long_way(first), wire_length=wire_length)
    assert short == long
    assert (short.payload, short.trailer, short.wire_length) == (long.payload, long.trailer, long.wire_length)
    assert short.check() == long.check()
    assert short.defects == long.defects
