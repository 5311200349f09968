"""Many Corefiles at once."""

from __future__ import annotations

import os
import sys

import pytest

from corefile.cli._parallel import AT_ONCE, FEW, each

MANY = 3 * FEW + 7


class Open:
    def close(self) -> None:
        """Nothing to close."""


def test_results_come_in_the_order_of_the_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Open())
    found = list(each(lambda number: (number * 2, os.getpid()), range(MANY), 2))
    assert [number for number, _ in found] == [2 * number for number in range(MANY)]
    assert os.getpid() not in {pid for _, pid in found}


def test_few_are_done_here() -> None:
    assert set(each(lambda _: os.getpid(), range(AT_ONCE), 2)) == {os.getpid()}
    assert set(each(lambda _: os.getpid(), range(MANY), 1)) == {os.getpid()}


def test_processes_that_die_are_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Open())
    here = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != here:
            os._exit(1)
        return number

    assert list(each(work, range(MANY), 2)) == list(range(MANY))


def test_an_error_is_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Open())
    with pytest.raises(ZeroDivisionError):
        list(each(lambda number: 1 // (number - FEW), range(MANY), 2))
