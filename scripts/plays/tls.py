"""TLS: what can still be read, and what cannot."""

import ssl
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from rawkit.lab.host import LONGEST_SECONDS
from scripts.plays.networks import Stage
from scripts.plays.plan import HTTPS, LINE, connected, expect, meanwhile, recorded

NAME = "wire.example"


def certificate(folder: Path) -> Path:
    """A key and a certificate that it signed itself, in one file; made anew, and forgotten afterwards."""
    path = folder / "wire.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -batch"
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    whole = [*command.split(), *names, "-keyout", "-"]
    made = subprocess.run(whole, check=True, capture_output=True, timeout=LONGEST_SECONDS)
    path.write_bytes(made.stdout)
    return path


def secret_echo(network: Stage, version: ssl.TLSVersion) -> None:
    """One line there and back under TLS, with both ends saying that they have ended."""
    with TemporaryDirectory() as folder:
        pem = certificate(Path(folder))
        server_side, client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        server_side.load_cert_chain(pem)
        client_side.load_verify_locations(pem)
    client_side.minimum_version = client_side.maximum_version = version
    client, server = connected(network, HTTPS)

    def serve() -> None:
        with server_side.wrap_socket(server, server_side=True) as secret:
            secret.sendall(secret.recv(4096))
            expect(secret.recv(4096), b"")
            with secret.unwrap() as plain:
                expect(plain.recv(4096), b"")

    with meanwhile(serve), client_side.wrap_socket(client, server_hostname=NAME) as secret:
        secret.sendall(LINE)
        expect(secret.recv(4096), LINE)
        secret.unwrap().close()


@recorded("applications/tls-1.3.pcap")
def tls_1_3(network: Stage) -> None:
    """Of the handshake only the two hellos can be read: the server's name is in the first (RFC 8446, RFC 6066)."""
    secret_echo(network, ssl.TLSVersion.TLSv1_3)


@recorded("applications/tls-1.2.pcap")
def tls_1_2(network: Stage) -> None:
    """Here the certificate can be read too (RFC 5246)."""
    secret_echo(network, ssl.TLSVersion.TLSv1_2)
