"""The load generator, `python -m chat_client.load`: thousands of clients in one process, and a judge of what they see.

`plan`, `messages`, `judge` and `histogram` are pure. `client` puts the client's core on asyncio, `generator` runs many
of them through connecting, sending and catching up, `recorder` gathers what they measure. `options`, `display`,
`result`, `report` and `chart` are for people.

Source: docs/load.md.
"""
