"""One TCP conversation, packet by packet: what each one carries, what it does to both ends, and what caused it.

    sequence  numbers that do not wrap; what has been seen     steps     packets in relative numbers
    arrivals  when the other end had a packet                  sending   what an end had sent, and been told, so far
    ends      each end's state, by RFC 9293's table            marker    what sockets hide: sent again, delayed, ...
    calls     the socket calls that packets imply              notes     what is to be said besides
    sends     send() calls, by their data's numbers            walk      all of it, in the order of the capture

Its one rule: every claim is one of the capture's own numbers compared with others of them; `rawkit.analysis.marks` says
what each name means.
"""
