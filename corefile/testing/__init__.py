"""Tests of Corefiles: tests as files, assertions for tests in Python, pytest's plugin, strategies for Hypothesis, coverage."""

from .assertions import assert_rcode, assert_resolves

__all__ = ["assert_rcode", "assert_resolves"]
