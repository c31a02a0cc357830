"""What is played for the recorded captures: one function a capture, one file a subject.

Each plays in namespaces of its own and in a fixed order: a call that blocks, or a wait for what must arrive, is what
orders the packets, and never the time. Playing one again gives the same conversation with other sequence numbers, ports
and times.
"""
