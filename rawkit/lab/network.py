"""A network of one's own: hosts, routers and bridges, and the cables between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count
from types import TracebackType
from typing import TypeVar

from rawkit.errors import FieldError, nearest
from rawkit.lab.host import Bridge, Host, NetworkError, Router
from rawkit.lab.keeper import Keeper
from rawkit.lab.numbering import MOST_NETWORKS, Subnet

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
"""Of a host: what is a label of a name too (RFC 1123 section 2.1)."""

FIRST_INDEX = 1000
"""One end of each cable gets a number that is not the other's. Where they are alike, the kernel is in no hurry to see
that both are up (linkwatch_urgent_event() in its source): a cable took 650 ms in the mean then, and takes 13 ms so."""

Kind = TypeVar("Kind", bound=Host)


class Network:
    """`with Network() as net:` makes it, and at the end nothing is left of it; nor when this process is killed.

    Sealed: nothing joins it to the machine's own network. NotPermitted where the machine allows no namespaces.
    `ipv6` is for hosts that are not told otherwise. A socket that is still open when the network ends is one on a host
    without cables.
    """

    def __init__(self, ipv6: bool = False) -> None:
        self.ipv6 = ipv6
        self.hosts: dict[str, Host] = {}
        """Everything that has a name, routers and bridges too, in the order in which it was made."""
        self.links: list[tuple[Host, str, Host, str]] = []
        """Every cable: a host and its interface, and those at the other end."""
        self._keeper: Keeper | None = None
        self._subnets: list[Subnet] = []
        self._of_bridge: dict[Bridge, Subnet] = {}
        self._with_route: set[Host] = set()
        self._indices = count(FIRST_INDEX)

    def __enter__(self) -> Network:
        if self._keeper is not None:
            raise NetworkError("a network is made once: Network() is another one")
        self._keeper = Keeper()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._keeper is not None
        self._keeper.close()

    def __getitem__(self, name: str) -> Host:
        if name not in self.hosts:
            known = nearest(name, self.hosts) or f"; there are {', '.join(self.hosts) or 'none'}"
            raise FieldError(f"no host {name!r}{known}", field=name)
        return self.hosts[name]

    def host(self, name: str, ipv6: bool | None = None) -> Host:
        """A host without interfaces but loopback; its name is also what it calls itself."""
        return self._add(name, Host(name, *self._next(name), ipv6=self.ipv6 if ipv6 is None else ipv6))

    def router(self, name: str, ipv6: bool | None = None) -> Router:
        """A host that passes packets on. Those it is linked to send to it whatever is not for them."""
        return self._add(name, Router(name, *self._next(name), ipv6=self.ipv6 if ipv6 is None else ipv6))

    def bridge(self, name: str) -> Bridge:
        """A switch with as many ports as are linked to it."""
        return self._add(name, Bridge(name, *self._next(name)))

    def _next(self, name: str) -> tuple[Keeper, int]:
        """What a new host needs of the network."""
        if self._keeper is None:
            raise NetworkError("there is no network yet: with Network() as net: ...")
        if not NAME.fullmatch(name):
            raise FieldError(f"name: {name!r} is no name of a host: letters, digits and -, at most 63", field="name")
        if name in self.hosts:
            raise FieldError(f"name: there is a host {name!r} already", field="name")
        return self._keeper, len(self.hosts)

    def _add(self, name: str, host: Kind) -> Kind:
        self.hosts[name] = host
        return host

    def link(
        self,
        one: Host,
        other: Host,
        mtu: int = 1500,
        offloads: bool = False,
        addresses: Sequence[str | Iterable[str]] | None = None,
    ) -> tuple[str, str]:
        """A cable (a veth pair) between two hosts; the names of its interfaces: eth0, eth1, ... and port1 of a bridge.

        `addresses` are those of each end ("10.0.0.1/24", or several); () for none. Without, hosts get the next ones of
        their network (`rawkit.lab.numbering`) and, where that has a router, a default route. Returns when the cable
        carries.
        """
        if one is other:
            raise FieldError("link: a cable has two hosts", field="link")
        given = _of_each_end(addresses)
        subnet = self._subnet(one, other)
        here, there = self._free(one), self._free(other)
        peer = {"ifname": there, "host": other.number}
        one.netlink("link", "add", ifname=here, kind="veth", index=next(self._indices), peer=peer)
        before = list(subnet.members)
        try:
            for host, name, own in (one, here, given[0]), (other, there, given[1]):
                self._attach(host, name, mtu, subnet, own)
                host.set_offloads(name, offloads)
                host.change(name, state="up")
            for host, name in (one, here), (other, there):
                host.until_up(name)
            self._route(subnet)
        except BaseException:
            subnet.members[:] = before
            one.netlink("link", "del", index=here)
            raise
        self.links.append((one, here, other, there))
        return here, there

    def _attach(self, host: Host, interface: str, mtu: int, subnet: Subnet, given: list[str] | None) -> None:
        """One end of a cable: a port of a bridge, or an interface with addresses."""
        if isinstance(host, Bridge):
            host.change(interface, mtu=mtu, master=Bridge.DEVICE)
            return
        member = subnet.join(host, has_own_addresses=given is not None)
        host.change(interface, mtu=mtu, address=subnet.mac(member))
        for address in subnet.addresses(member) if given is None else given:
            host.add_address(address, interface)

    def _free(self, host: Host) -> str:
        """The next name for an interface."""
        names, first = ("port", 1) if isinstance(host, Bridge) else ("eth", 0)
        taken = host.interfaces
        return next(f"{names}{number}" for number in count(first) if f"{names}{number}" not in taken)

    def _subnet(self, one: Host, other: Host) -> Subnet:
        """That of the bridge, where there is one; of two bridges it becomes one."""
        bridges = [each for each in (one, other) if isinstance(each, Bridge)]
        known = [self._of_bridge[each] for each in bridges if each in self._of_bridge]
        if len(known) == 2 and known[0] is not known[1]:
            raise FieldError("link: link bridges to each other before their hosts", field="link")
        if not known and len(self._subnets) == MOST_NETWORKS:
            raise FieldError(f"link: numbers for {MOST_NETWORKS} networks are all there are", field="link")
        if not known:
            known.append(Subnet(len(self._subnets)))
            self._subnets.append(known[0])
        for each in bridges:
            self._of_bridge[each] = known[0]
        return known[0]

    def _route(self, subnet: Subnet) -> None:
        """A default route for those who have a router now, and had none."""
        router = subnet.router
        if router is None:
            return
        for member in subnet.numbered:
            if not member.host.is_router and member.host not in self._with_route:
                self._with_route.add(member.host)
                member.host.add_route(via=subnet.ipv4(router))
                if member.host.ipv6 and router.host.ipv6:
                    member.host.add_route(via=subnet.ipv6(router))


def _of_each_end(addresses: Sequence[str | Iterable[str]] | None) -> list[list[str] | None]:
    """The addresses of both ends of a cable; None where they are to be found."""
    if addresses is None:
        return [None, None]
    if isinstance(addresses, str) or len(addresses) not in (0, 2):
        raise FieldError("addresses: one, or a list, for each of the two ends; () for none", field="addresses")
    return [[each] if isinstance(each, str) else list(each) for each in addresses or ((), ())]
