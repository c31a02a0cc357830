"""Numbers for hosts that are given none: the first network is 10.0.0.0/24 and fd00::/64, the next 10.0.1.0/24."""

from __future__ import annotations

from dataclasses import dataclass, field

from rawkit.errors import FieldError
from rawkit.lab.host import Host

FIRST_ROUTER = MOST_MEMBERS = 254
MOST_NETWORKS = 256


@dataclass(frozen=True)
class Member:
    """A host on an Ethernet; `suffix` is how its MAC ends, and its address, unless it was given others."""

    host: Host
    suffix: int
    has_own_addresses: bool = False


@dataclass
class Subnet:
    """The hosts of one Ethernet, in order: hosts are 1, 2, ..., routers 254, 253, ...."""

    number: int
    members: list[Member] = field(default_factory=list)

    def join(self, host: Host, has_own_addresses: bool = False) -> Member:
        """One more; FieldError where all numbers are taken."""
        if len(self.members) == MOST_MEMBERS:
            raise FieldError(f"link: numbers for {MOST_MEMBERS} hosts in one network are all there are", field="link")
        before = sum(other.host.is_router == host.is_router for other in self.members)
        member = Member(host, FIRST_ROUTER - before if host.is_router else before + 1, has_own_addresses)
        self.members.append(member)
        return member

    def mac(self, member: Member) -> str:
        """Locally administered, so that no card has it."""
        return f"02:00:00:00:{self.number:02x}:{member.suffix:02x}"

    def addresses(self, member: Member) -> list[str]:
        """With their prefixes. An IPv6 router needs a link-local one to ask for neighbours of others' packets."""
        ipv6 = [f"{self.ipv6(member)}/64"] if member.host.ipv6 else []
        link_local = [f"fe80::{member.suffix:x}/64"] if ipv6 and member.host.is_router else []
        return [f"{self.ipv4(member)}/24", *ipv6, *link_local]

    def ipv4(self, member: Member) -> str:
        return f"10.0.{self.number}.{member.suffix}"

    def ipv6(self, member: Member) -> str:
        return f"fd{self.number:02x}::{member.suffix:x}"

    @property
    def numbered(self) -> list[Member]:
        """Those that have the addresses that are theirs by number."""
        return [member for member in self.members if not member.has_own_addresses]

    @property
    def router(self) -> Member | None:
        """The first of those."""
        return next((member for member in self.numbered if member.host.is_router), None)
