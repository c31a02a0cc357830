"""What headers say in one line that carry packets inside packets, in tcpdump's habit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rawkit.show.values import ethertype, named

if TYPE_CHECKING:
    from rawkit import protocols as room
    from rawkit.show.phrases import Scene


def gre(scene: Scene) -> str:
    """`GREv0, key=0x5, seq 3, length 52:`, and what its data is called where nobody here knows more."""
    header: room.GRE | room.GREChecksum | room.GRERouting | room.EnhancedGRE = scene.header
    told = [f"GREv{header.version}"]
    told += [f"off 0x{header.offset:x}"] if hasattr(header, "offset") else []
    key, call = getattr(header, "key", None), getattr(header, "call_id", None)
    acknowledged = getattr(header, "acknowledgement_number", None)
    told += [f"call {call}"] if call is not None else []
    told += [f"key=0x{key:x}"] if key is not None else []
    told += [f"seq {header.sequence_number}"] if header.sequence_number is not None else []
    told += [f"ack {acknowledged}"] if acknowledged is not None else []
    told += ["no-payload"] if header.version == 1 and not header.sequence_present else []
    told.append(f"length {scene.whole_length(scene.index)}")
    rest = f"{ethertype(header, 'protocol')}, length {scene.length}"
    if scene.last and not scene.length:
        return ", ".join(told)
    return f"{', '.join(told)}:" + (f" {rest}" if scene.last else "")


def mpls(scene: Scene) -> str:
    """`MPLS (label 16, tc 0, ttl 64)`, and for the labels behind the first their brackets alone."""
    header: room.MPLS = scene.header
    again = scene.index and type(scene.layers[scene.index - 1]) is type(header)
    bottom = " [S]," if header.bottom else ""
    label = f"(label {header.label}{named(header, 'label')}, tc {header.traffic_class},{bottom} ttl {header.ttl})"
    return ("" if again else "MPLS ") + label + (f" {mpls_data(scene)}" if scene.last else "")


def mpls_data(scene: Scene) -> str:
    """What stayed octets behind the last label, by its first four bits."""
    from rawkit.protocols.mpls import CHANNELS

    payload = scene.packet.payload
    name = CHANNELS.get(payload[0] >> 4) if payload and scene.header.bottom else None
    return f"{name + ', ' if name else ''}length {scene.length}"


def vxlan(scene: Scene) -> str:
    """`VXLAN, flags [I] (0x08), vni 77:`."""
    header: room.VXLAN = scene.header
    group = f", group {header.group_policy}" if header.flags.g else ""
    text = f"VXLAN, flags [{header.flags or 'none'}] (0x{header.flags >> 8:02x}), vni {header.vni}{group}"
    return f"{text}, length {scene.length}" if scene.last else f"{text}:"


def geneve(scene: Scene) -> str:
    """`Geneve, Flags [C], vni 0x4d, options [8 bytes]:`."""
    header: room.Geneve = scene.header
    flags = "O" * header.control + "C" * header.critical
    options = f", options [{header.opt_len * 4} bytes]" if header.opt_len else ""
    text = f"Geneve, Flags [{flags or 'none'}], vni 0x{header.vni:x}{options}:"
    rest = f" {ethertype(header, 'protocol_type')}, length {scene.length}"
    return text + rest * scene.last
