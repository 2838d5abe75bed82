"""Chaos on the deployed stack, `python -m chaos`: faults between the functions and AWS, and a judge of the outcome.

`faults` says what may go wrong and deals it out; it is pure. `proxy` does it to requests, `messages` reads them.
`functions` points the functions at the proxy, `experiment` runs the load generator over all of it. For development and
tests; nothing of the product imports it.

Source: docs/reliability.md, "Chaos".
"""
