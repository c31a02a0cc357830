"""The protocols, one a file: declarations, and the few small functions that no declaration can say."""

import rawkit.protocols.bindings as bindings

__all__ = ["bindings"]
