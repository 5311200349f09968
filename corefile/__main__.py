"""`python -m corefile` is the `corefile` command."""

from .cli import main

raise SystemExit(main())
