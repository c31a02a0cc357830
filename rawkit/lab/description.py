"""A network described in a TOML file: `example.toml` beside this file shows all that there is to say.

A mistake is a FieldError that begins with the file and the key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rawkit.errors import FieldError, RawkitError, nearest
from rawkit.lab.network import Network

EXAMPLE = Path(__file__).with_name("example.toml")

TEXTS, TABLES, TABLE = "a list of texts", "a list of tables: [[...]]", "a table"
KINDS: dict[str, Callable[[Any], bool]] = {
    "a text": lambda value: isinstance(value, str),
    "a whole number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "true or false": lambda value: isinstance(value, bool),
    "a text or a whole number": lambda value: isinstance(value, str | int) and not isinstance(value, bool),
    "two texts": lambda value: KINDS[TEXTS](value) and len(value) == 2,
    "two addresses, or lists of them, or []": lambda value: isinstance(value, list) and all(map(is_addresses, value)),
    TEXTS: lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    TABLES: lambda value: isinstance(value, list) and all(isinstance(each, dict) for each in value),
    TABLE: lambda value: isinstance(value, dict),
}

FILE = {
    "hosts": TEXTS,
    "routers": TEXTS,
    "bridges": TEXTS,
    "ipv6": "true or false",
    "links": TABLES,
    "routes": TABLES,
    "settings": TABLE,
}
LINK = {
    "between": "two texts",
    "mtu": "a whole number",
    "offloads": "true or false",
    "addresses": "two addresses, or lists of them, or []",
}
ROUTE = {"host": "a text", "to": "a text", "via": "a text", "interface": "a text"}


def is_addresses(value: object) -> bool:
    return isinstance(value, str) or KINDS[TEXTS](value)


@dataclass(frozen=True)
class Description:
    """What a file says, with every key checked; names and addresses are judged when the network is made."""

    path: str
    content: dict[str, Any]

    @property
    def names(self) -> list[str]:
        """Of hosts, then routers and bridges."""
        return [name for kind in ("hosts", "routers", "bridges") for name in self.content.get(kind, ())]

    def network(self) -> Network:
        """A network that is still empty: `with description.network() as net: description.build(net)`."""
        return Network(ipv6=self.content.get("ipv6", False))

    def build(self, net: Network) -> None:
        """Make in it all that the file names."""
        for kind, make in (("hosts", net.host), ("routers", net.router), ("bridges", net.bridge)):
            for name in self.content.get(kind, ()):
                self._at(kind, make, name)
        for key, link in self._tables("links"):
            how = {name: value for name, value in link.items() if name != "between"}
            one, other = (self._at(f"{key}.between", net.__getitem__, name) for name in link["between"])
            self._at(key, net.link, one, other, **how)
        for key, route in self._tables("routes"):
            how = {name: value for name, value in route.items() if name != "host"}
            self._at(key, self._at(f"{key}.host", net.__getitem__, route["host"]).add_route, **how)
        for name, settings in self.content.get("settings", {}).items():
            host = self._at("settings", net.__getitem__, name)
            for setting, value in settings.items():
                self._at(f"settings.{name}", host.sysctl, setting, value)

    def _tables(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for number, table in enumerate(self.content.get(kind, ()), 1):
            yield f"{kind} {number}", table

    def _at(self, key: str, make: Any, *what: object, **how: object) -> Any:
        try:
            return make(*what, **how)
        except RawkitError as error:
            raise FieldError(f"{self.path}: {key}: {error}", field=key) from None


def read(path: str | Path) -> Description:
    """The description in a file; OSError where it cannot be read."""
    try:
        content = tomllib.loads(Path(path).read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FieldError(f"{path}: not TOML: {error}") from None
    _check(f"{path}: ", content, FILE, ("hosts",))
    for number, link in enumerate(content.get("links", ()), 1):
        _check(f"{path}: links {number}: ", link, LINK, ("between",))
    for number, route in enumerate(content.get("routes", ()), 1):
        _check(f"{path}: routes {number}: ", route, ROUTE, ("host",))
    for name, settings in content.get("settings", {}).items():
        _check(f"{path}: settings: ", {name: settings}, {name: TABLE}, ())
        _check(f"{path}: settings.{name}: ", settings, dict.fromkeys(settings, "a text or a whole number"), ())
    if not content["hosts"]:
        raise FieldError(f"{path}: hosts: a network has one at least", field="hosts")
    return Description(str(path), content)


def _check(where: str, table: dict[str, Any], known: dict[str, str], needed: tuple[str, ...]) -> None:
    """Every key known, every value of its kind, and what is needed there."""
    for key, value in table.items():
        if key not in known:
            raise FieldError(
                f"{where}{key}: no such key{nearest(key, known) or '; there are ' + ', '.join(known)}", field=key
            )
        if not KINDS[known[key]](value):
            raise FieldError(f"{where}{key}: {value!r} is not {known[key]}", field=key)
    for key in needed:
        if key not in table:
            raise FieldError(f"{where}{key} is missing", field=key)
