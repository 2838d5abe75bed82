"""What the signed client saves, measured: posts to @connections, and cold starts, beside the SDKs.

Each command starts what it needs on loopback, prints a table with the goal of each line, and writes its results and
charts to docs/benchmarks. Tools of the repository: nothing that is deployed imports them.
"""
