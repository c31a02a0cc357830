"""Numbers for hosts that are given none: the first network is 10.0.0.0/24 and fd00::/64, the next 10.0.1.0/24."""

from __future__ import annotations

from dataclasses import dataclass, field

from rawkit.errors import FieldError
from rawkit.lab.host import Host

FIRST_ROUTER = MOST_MEMBERS = 254
MOST_NETWORKS = 256


@dataclass
class Subnet:
    """The hosts of one Ethernet, in order: hosts are 1, 2, ..., routers 254, 253, ...; their MACs end the same."""

    number: int
    members: list[tuple[Host, int]] = field(default_factory=list)

    def join(self, host: Host) -> int:
        """The host's part of its address; FieldError where all are taken."""
        if len(self.members) == MOST_MEMBERS:
            raise FieldError(f"link: numbers for {MOST_MEMBERS} hosts in one network are all there are", field="link")
        before = sum(other.is_router == host.is_router for other, _ in self.members)
        suffix = FIRST_ROUTER - before if host.is_router else before + 1
        self.members.append((host, suffix))
        return suffix

    def mac(self, suffix: int) -> str:
        """Locally administered, so that no card has it."""
        return f"02:00:00:00:{self.number:02x}:{suffix:02x}"

    def addresses(self, host: Host, suffix: int) -> list[str]:
        """With their prefixes. An IPv6 router needs a link-local one to ask for neighbours of others' packets."""
        ipv6 = [f"fd{self.number:02x}::{suffix:x}/64"] if host.ipv6 else []
        link_local = [f"fe80::{suffix:x}/64"] if ipv6 and host.is_router else []
        return [f"10.0.{self.number}.{suffix}/24", *ipv6, *link_local]

    @property
    def router(self) -> int | None:
        """The first router's part of its address."""
        return next((suffix for host, suffix in self.members if host.is_router), None)
