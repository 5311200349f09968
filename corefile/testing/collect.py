"""Which files are resolution tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ..language.files import below, read_file
from ..language.words import decode
from ..light import regex

ENDINGS = (".yaml", ".yml")
NAMES = (".dns.yaml", ".dns.yml", "dns.yaml", "dns.yml")
_KEY = regex(r"^(corefile|names|steps|error|apiVersion)\s*:", re.M)


def is_named_so(name: str) -> bool:
    """Whether a file's name says that it is a test: `dns.yaml` or `*.dns.yaml`."""
    return name in NAMES or name.endswith(NAMES[:2])


def is_test(path: str) -> bool:
    """Whether a YAML file is a test: by its name, or by its keys (`corefile`, and `names`, `steps` or `error`). What
    Kubernetes takes is none, and neither is a file that cannot be read."""
    if is_named_so(os.path.basename(path)):
        return True
    if not path.endswith(ENDINGS):
        return False
    try:
        keys = set(_KEY.findall(decode(read_file(path))))
    except (OSError, ValueError):
        return False
    return "apiVersion" not in keys and "corefile" in keys and bool(keys & {"names", "steps", "error"})


def in_folder(folder: str) -> Iterator[str]:
    """The tests in a folder and below it, in alphabetical order; hidden folders are passed over."""
    for where, names in below(folder):
        for name in names:
            path = os.path.normpath(os.path.join(where, name))
            if name.endswith(ENDINGS) and is_test(path):
                yield path


__all__ = ["in_folder", "is_named_so", "is_test"]
