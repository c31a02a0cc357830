"""HTTP, by Python's own client and server."""

import http.client
import http.server
import socketserver

from rawkit.lab.host import LONGEST_SECONDS
from scripts.plays.networks import Stage
from scripts.plays.plan import HTTP, meanwhile, recorded, stream


class OnePage(http.server.BaseHTTPRequestHandler):
    """The same short page for whoever asks."""

    timeout = LONGEST_SECONDS

    def do_GET(self) -> None:
        page = b"<!doctype html><title>wire</title><p>Hello from the other end of it.\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002 (the name is http.server's)
        """Say nothing."""


class OnePageAndMore(OnePage):
    """HTTP/1.1: the connection stays for the next request."""

    protocol_version = "HTTP/1.1"


def browse(network: Stage, handler: type[OnePage], requests: int) -> None:
    """So many requests of Python's client to Python's server, over one connection."""
    with network.server.inside():
        server = socketserver.TCPServer((network.address, HTTP), handler)
    server.timeout = LONGEST_SECONDS
    with server, stream(network, network.client) as client, meanwhile(server.handle_request):
        client.connect((network.address, HTTP))
        browser = http.client.HTTPConnection(network.address)
        browser.sock = client
        for _ in range(requests):
            browser.request("GET", "/")
            browser.getresponse().read()
        if handler is OnePageAndMore:
            browser.close()


@recorded("tcp/http.pcap")
def http_1_0(network: Stage) -> None:
    """HTTP/1.0 style: the server closes when the page is sent."""
    browse(network, OnePage, 1)


@recorded("applications/http-persistent.pcap")
def http_1_1(network: Stage) -> None:
    """Two requests over one connection, which the client closes."""
    browse(network, OnePageAndMore, 2)
