"""Tests of name resolution: the case format, its runner, pytest's plugin and Hypothesis strategies."""
