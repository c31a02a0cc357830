"""Which packets: the filter language of tcpdump, pcap-filter(7), read once and asked anywhere.
"""
from __future__ import annotations
