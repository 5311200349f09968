"""snippet-never-imported: snippets without effect."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.lint import checks

NAME = "snippet-never-imported"
SNIPPET = "(common) {\n errors\n}\n"
BLOCK = ". {\n whoami\n}\n"
FILES = {"part": " import common\n whoami\n", "library": SNIPPET + SNIPPET.replace("common", "other")}


@pytest.mark.parametrize(
    "text",
    [
        SNIPPET + BLOCK,
        BLOCK + SNIPPET,
        SNIPPET.replace(" {", "\n{") + BLOCK,
        f"(other) {{\n log\n}}\n{SNIPPET}. {{\n import other\n whoami\n}}\n",
        f"# common: see below\n{SNIPPET}{BLOCK}",
    ],
)
def test_it_fires(text: str) -> None:
    (one,) = checks(text, world=World(files=FILES))
    assert one.span is not None
    assert (one.code, one.span.text) == (NAME, "(common)")


@pytest.mark.parametrize(
    "text",
    [
        f"{SNIPPET}. {{\n import common\n whoami\n}}\n",
        f"{SNIPPET}import top\n{BLOCK}",  # a file that is not here may import it
        f"{SNIPPET}. {{\n import part\n}}\n",
        f"{SNIPPET}. {{\n import parts/*.conf\n whoami\n}}\n",
        f"{SNIPPET}. {{\n import {{$PART}}\n}}\n",  # that depends on the environment
        f"{SNIPPET}. {{\n # import common\n whoami\n}}\n",  # it is switched off
        "import library\n. {\n import other\n whoami\n}\n",  # of another file, which may serve others
        "(common) example.org {\n whoami\n}\n",  # the name of a zone
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    files = {**FILES, "top": None} if "import top" in text else FILES
    found = checks(text, world=World(files=files, env={"PART": "part"}))
    assert NAME not in [f.code for f in found]


def test_before_there_were_snippets_it_is_a_zone() -> None:
    assert NAME not in [f.code for f in checks(SNIPPET + BLOCK, release="1.0.5")]
