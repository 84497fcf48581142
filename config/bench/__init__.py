"""Benchmarks: what we measure, beside its limit in the same run. `make bench`."""
