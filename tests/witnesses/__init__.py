"""The same octets judged by others: scapy, dpkt, tcpdump, tshark.

Each test file has one table that says which of a witness's fields is which of ours, and one of the differences that are
legitimate, each with its reason. The octets are those of `captures/`, and of the captures that nobody here made, where
they are at hand (`RAWKIT_SHARED_CAPTURES`, or `../shared/captures`).
"""
