"""Where the parsers of the releases differ."""

from __future__ import annotations

from ...releases.rules import ReleaseRules, changed, since


class Rules(ReleaseRules):
    """How a release reads a Corefile: caddy 0.10.10 (CoreDNS 1.0.0) up to coredns/caddy 1.1.4 (1.14.7)."""

    snippets = since("1.0.6", "`(name) { ... }` is a snippet (caddy 0.10.11)")
    one_wildcard = since(
        "1.2.3", "the pattern of an import has at most one `*` and one `?`, and no `[...]` (caddy 0.10.13)"
    )
    directive_names_from_env = since("1.3.0", "environment variables are put into names of directives (caddy 0.11.1)")
    import_beside_importer = since("1.3.0", "an import of an imported file looks beside that file")
    import_in_directives = since("1.4.0", "`import` is one inside a directive's braces, too (caddy 0.11.4)")
    default_logs = since("1.6.4", "the Corefile that stands for an empty one has `log` (pull request 3269)")
    empty_files = since("1.8.0", "an empty file can be imported (coredns/caddy 1.1.0)")
    import_limits = since("1.13.0", "circles of imports are found (coredns/caddy 1.1.4)")
    ends_of_references = changed(
        "crash",
        {"1.2.3": "anywhere", "1.3.0": "behind"},
        "the end of a reference to an environment variable is looked for from the start of the word, which `crash` does "
        "not survive where it stands before the reference, or behind its start",
    )
