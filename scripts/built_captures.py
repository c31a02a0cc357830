"""The captures built with rawkit itself: all builders, by the name of what they make."""

import pkgutil
from importlib import import_module

from scripts import builds
from scripts.builds.plan import BUILT, build

for module in pkgutil.iter_modules(builds.__path__, "scripts.builds."):
    import_module(module.name)  # enters what it has

__all__ = ["BUILT", "build"]
