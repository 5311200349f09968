"""CoreDNS's parser of Corefiles: caddyfile/parse.go of the caddy that each release was built with.

It has their order of errors and their quirks; where they differ, the difference is one attribute of `Rules`. Unlike
CoreDNS it goes on behind an error, so that all errors of a file are found.

blocks: the grammar. imports: what `import` puts in its place. cursor: the words, and where among them one is.
state: what these share. mistakes: words about what went wrong.
"""

from __future__ import annotations

from .blocks import Reader, ServerBlock

__all__ = ["Reader", "ServerBlock"]
