"""What the chat costs: calls that are counted, times prices that are dated. No AWS, no CDK, only the standard library.

`python -m chat_stack.cost --help` says what it can tell. The page is docs/scaling.md.
"""
