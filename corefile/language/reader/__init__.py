"""Reading a Corefile: one automaton, and the two readers that feed it with words.

automaton: runs lark's tables. written: the words of a text as they are. expanded: the same with imports, snippets and
environment variables put in place, as CoreDNS does it (caddyfile/parse.go of the caddy that each release was built
with). build: what each rule of the grammar makes. mistakes: CoreDNS's errors, and how reading goes on behind them.
imports: what an `import` brings. unknown: what there is to say of a directive that a release does not have. rules:
where the releases differ.
"""
