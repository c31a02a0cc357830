"""The captures recorded from real kernel sockets: all plays, by the name of what they make."""

import pkgutil
from importlib import import_module

from scripts import plays
from scripts.plays.plan import RECORDED, record

for module in pkgutil.iter_modules(plays.__path__, "scripts.plays."):
    import_module(module.name)  # enters what it has

__all__ = ["RECORDED", "record"]
