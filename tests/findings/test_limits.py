"""The garbage collector is kept off while much is made."""

from __future__ import annotations

import gc

from corefile.findings.limits import MANY, without_collection


def is_old(value: list[list[int]]) -> bool:
    return any(value is x for x in gc.get_objects(generation=2))


def test_many_new_objects_count_as_old() -> None:
    with without_collection():
        assert not gc.isenabled()
        made = [[n] for n in range(MANY + 1000)]
    assert gc.isenabled()
    assert is_old(made)


def test_few_new_objects_are_looked_through_as_ever() -> None:
    gc.collect()
    with without_collection():
        made = [[n] for n in range(100)]
    assert not is_old(made)


def test_what_a_caller_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        with without_collection():
            made = [[n] for n in range(MANY + 1000)]
        assert gc.get_freeze_count() > 0
        assert not is_old(made)
    finally:
        gc.unfreeze()


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with without_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
