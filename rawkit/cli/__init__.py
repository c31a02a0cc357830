"""The command line: one file a command, each a thin layer over one library call and one show call.

The one rule: data goes to standard output, messages to standard error, and a person never sees a traceback. A command
is `rawkit/cli/<name>.py` with a click command called `command`, and one line in the table of `main.py`. It returns its
exit code (None is 0) and lets exceptions pass: `main.py` turns them into one line and a code.

>>> from rawkit.cli.main import COMMANDS
>>> COMMANDS["read"]
'Show what a capture holds, one line a packet.'
"""
