"""What the chat does: the room log, membership, fan-out. Pure and async.

Everything outside (storage, clients' sockets, time, chance) comes in through `chat.domain.ports`; each await on one of
them is a place where another function may run, or where this one may die.
"""
