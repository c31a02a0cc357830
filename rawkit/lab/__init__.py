"""Networks of one's own: hosts, cables, switches and routers inside this machine, for every user.

The one rule: nothing here touches the machine's own network, and nothing is left behind. A host is a network namespace;
a process of ours keeps them all, makes everything in them (with pyroute2) and hands out sockets; it ends with whoever
asked for it, however he ends, and with it everything that runs on the hosts.

    with Network() as net:
        a, b = net.host("a"), net.host("b")
        net.link(a, b)
        with b.socket() as listener, a.socket() as client:  # the sockets that you know, on those hosts
            listener.bind((b.address, 7))
            listener.listen()
            client.connect((b.address, 7))
        print(a.run(["hostname"], capture_output=True, text=True).stdout)  # and every program
        with a.capture() as link:  # every frame on its interface, as a link of rawkit.link
            ...

Where things are: `network` (who is linked to whom), `host` (what can be done with one), `process` (what runs on it),
`numbering` (addresses for those that are given none), `description` (all of it in a TOML file, as in `example.toml`);
`machine` says what this machine allows; `keeper` asks and `keeper_program` keeps, `kernel` has the system
calls, `forbidden` says why not.

Not done: names of hosts in their programs' /etc/hosts; a /sys of their own (it shows the machine's interfaces: ask
`host.interfaces`).
"""

from rawkit.lab.host import Bridge, Host, Interface, NetworkError, Router
from rawkit.lab.kernel import become_root
from rawkit.lab.network import Network
from rawkit.lab.process import Process

__all__ = ["Bridge", "Host", "Interface", "Network", "NetworkError", "Process", "Router", "become_root"]
