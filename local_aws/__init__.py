"""The local run: MiniStack stands in for AWS, and the real CDK CLI deploys to it.

For development and tests; nothing of the product imports it.
"""
