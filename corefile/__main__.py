"""`python -m corefile` is the `corefile` command."""

from .cli import run

run()
