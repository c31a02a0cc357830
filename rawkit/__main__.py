"""`python -m rawkit` is the command line."""

import sys

from rawkit.cli.main import main

sys.exit(main())
