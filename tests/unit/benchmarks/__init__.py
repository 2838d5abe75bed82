"""Tests of the benchmarks: that they run, and that they say what they found."""
