"""The rules of `corefile check`, one file each; `make new-rule NAME=denial-zero` writes one.

A rule's docstring is what docs/findings.md and `corefile explain` show of it, and its examples are run by the tests:

    NAME: what it states, as the first line.

    Why: why that hurts.

    Fix: what to do.

    Bad:
        the smallest Corefile that has it, in four blanks more

    Good:
        the nearest one that has not

    World:
        coredns: 1.11.3, files, cluster and env of both, as in a resolution test, where they need it
"""
