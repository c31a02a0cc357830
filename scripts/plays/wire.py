"""A wire that does as it is told: loses, holds back or doubles the frames that a play names by what is in them.

This kernel's own way of impairing a link (netem) is left aside: it goes by chance and by time, and a recording must go
the same way each time. Here nothing depends on either.
"""

import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rawkit import Packet
from rawkit.lab import Host
from rawkit.lab.host import LONGEST_SECONDS

Match = Callable[[Packet], bool]
"""Whether this is the frame that an order is about."""


@dataclass
class Order:
    """What is done to the next frames that match: each passes `copies` times, at once or after what `until` names."""

    which: Match
    copies: int
    times: int = 1
    until: Match | None = None
    taken: list[Packet] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    kept: list[tuple[socket.socket, bytes]] = field(default_factory=list)

    def takes(self, packet: Packet) -> bool:
        """Whether this frame is one of those; remembers it."""
        if len(self.taken) == self.times or not self.which(packet):
            return False
        self.taken.append(packet)
        return True

    def wait(self) -> Packet:
        """The last of its frames, once that has been dealt with."""
        if not self.done.wait(LONGEST_SECONDS):
            raise TimeoutError("the frame that an order waits for has not come")
        return self.taken[-1]


class Wire:
    """Passes frames between two interfaces of a host in the middle; the first order that matches a frame decides."""

    def __init__(self, middle: Host, left: str, right: str) -> None:
        self._ends = [middle.packet_socket(interface, outgoing=False) for interface in (left, right)]
        for end in self._ends:
            end.settimeout(LONGEST_SECONDS)
        self._orders: list[Order] = []
        self._busy = threading.Lock()  # whoever has it holds the wire
        self._cut = threading.Event()
        self._failed: list[Exception] = []
        self._carrier = threading.Thread(target=self._carry, daemon=True)
        self._carrier.start()

    def lose(self, which: Match, times: int = 1) -> Order:
        """The next such frames do not arrive."""
        return self._add(Order(which, copies=0, times=times))

    def lose_all(self, which: Match) -> Order:
        """No such frame arrives any more."""
        return self.lose(which, times=sys.maxsize)

    def double(self, which: Match) -> Order:
        """The next such frame arrives twice."""
        return self._add(Order(which, copies=2))

    def notice(self, which: Match, times: int = 1) -> Order:
        """The next such frames arrive, and `wait()` waits for the last of them."""
        return self._add(Order(which, copies=1, times=times))

    def gather(self, which: Match, times: int) -> Order:
        """The next such frames arrive together, just after the last of them."""
        order = Order(which, copies=1, times=times)
        order.until = lambda packet: len(order.taken) == times
        return self._add(order)

    def hold(self, which: Match, until: Match, times: int = 1) -> Order:
        """The next such frames arrive just after the first frame that `until` names and that comes after them."""
        return self._add(Order(which, copies=1, times=times, until=until))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing arrives at either side until the block ends."""
        with self._busy:
            yield

    def _add(self, order: Order) -> Order:
        with self._busy:
            self._orders.append(order)
        return order

    def _carry(self) -> None:
        left, right = self._ends
        try:
            while not self._cut.is_set():
                for end in select.select(self._ends, [], [], 0.05)[0]:
                    with self._busy:
                        self._pass(end.recv(0x20000), right if end is left else left)
        except Exception as error:  # told by close(), in the thread that plays
            self._failed.append(error)

    def _pass(self, octets: bytes, out: socket.socket) -> None:
        """One frame, as ordered; then those that were held back for it."""
        packet = Packet.decode(octets)
        order = next((each for each in self._orders if each.takes(packet)), None)
        if order is not None and order.until is not None:
            order.kept.append((out, octets))
        else:
            for _ in range(1 if order is None else order.copies):
                out.send(octets)
            if order is not None and len(order.taken) == order.times:
                order.done.set()
        for each in self._orders:
            if each.kept and each.until is not None and each.until(packet):
                self._release(each)

    def _release(self, order: Order) -> None:
        for out, octets in order.kept:
            out.send(octets)
        order.kept.clear()
        order.done.set()

    def close(self) -> None:
        """Stop carrying; an order that nothing matched, and a failure of the carrier, are errors of the play."""
        self._cut.set()
        self._carrier.join()
        for end in self._ends:
            end.close()
        for error in self._failed:
            raise error
        if not all(order.taken for order in self._orders):
            raise ValueError("an order was not carried out: no frame matched")
