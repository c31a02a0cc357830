"""Values -> something to look at.

    lines         a packet on one line                 trees     every field, what is wrong marked
    dumps         octets, each with its field          diagrams  a header drawn from its declaration
    explanations  a protocol, a field, in words        states    TCP's state table
    records       JSON by Wireshark's names            sums      a checksum, word by word
    summaries     what a whole capture holds           ladder    a conversation
    ladder_svg    the same as a picture                svg       lines, boxes and words as SVG

Its one rule: **a function here takes a value and returns text; it opens no file and decides nothing.** Text from the
network goes through `escape.visible`; colour is a painter handed in (`paint.py`), without which it reads the same.

>>> from rawkit.protocols import IPv4, TCP
>>> line(IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=51234, dport=80, flags="S", seq=1))
'IP 10.0.0.1.51234 > 10.0.0.2.80: Flags [S], seq 1, win 65535, length 0'
"""

from rawkit.show.diagrams import diagram
from rawkit.show.dumps import hexdump, octet_table
from rawkit.show.explanations import explanation, field_explanation, flag_explanation
from rawkit.show.lines import line
from rawkit.show.records import json_line, record
from rawkit.show.sums import checksum_steps, verdict_lines
from rawkit.show.trees import tree

__all__ = [
    "checksum_steps",
    "diagram",
    "explanation",
    "field_explanation",
    "flag_explanation",
    "hexdump",
    "json_line",
    "line",
    "octet_table",
    "record",
    "tree",
    "verdict_lines",
]
