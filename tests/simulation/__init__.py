"""Deterministic simulation: the chat's own code, run by a seeded scheduler in virtual time, among faults.

`loop` is the scheduler, `chance` decides about everything by the seed. `dynamodb`, `gateway`, `functions`, `sqs` and
`network` are models of what the chat stands on, executable specifications with their sources; the functions'
handlers, domain and adapters and the client's session run in them as they are. `observer` holds the promises against
what happens. docs/reliability.md tells more.
"""
