"""Corefiles that clusters come with are silent."""

from __future__ import annotations

import pytest

from corefile.lint import checks
from corefile.world import World

from .defaults import all_defaults

DEFAULTS = all_defaults()


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_corefile_is_silent(name: str) -> None:
    default = DEFAULTS[name]
    assert checks(default.text, release=default.release, world=World(files=default.beside)) == []


@pytest.mark.parametrize("name", [name for name in DEFAULTS if "." not in name.replace("node-local", "")])
def test_the_newest_release_takes_them_too(name: str) -> None:
    assert checks(DEFAULTS[name].text, world=World(files=DEFAULTS[name].beside)) == []
