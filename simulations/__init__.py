"""Simulations of what no test can run: rooms as large as an account allows. Only the standard library.

`python -m simulations.large_room --help` says what there is. The page is docs/scaling.md.
"""
