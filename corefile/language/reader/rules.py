"""Where the parsers of the releases differ."""

from __future__ import annotations

from ...releases import Release


class Rules:
    """How the parser of a release differs: caddy 0.10.10 (CoreDNS 1.0.0) up to coredns/caddy 1.1.4 (1.14.7)."""

    def __init__(self, release: Release) -> None:
        self.snippets = release >= "1.0.6"  # caddy 0.10.11
        self.one_wildcard = release >= "1.2.3"  # caddy 0.10.13
        self.directive_names_from_env = release >= "1.3.0"  # caddy 0.11.1
        self.import_beside_importer = release >= "1.3.0"
        self.import_in_directives = release >= "1.4.0"  # caddy 0.11.4
        self.empty_files = release >= "1.8.0"  # coredns/caddy 1.1.0
        self.import_limits = release >= "1.13.0"  # coredns/caddy 1.1.4
        self.ends_of_references = "behind" if release >= "1.3.0" else "anywhere" if release >= "1.2.3" else "crash"
