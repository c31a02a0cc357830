"""What rawkit itself builds for the captures: what no kernel here would send, and files that something happened to.

One function a capture. It takes a seeded generator that chooses what does not matter (ports, sequence numbers), or the
frames of a recording that it does something to, and returns the octets of the file: the same ones each time.
"""
