"""Tests of the signed client: mostly against servers on the loopback interface that follow a script."""
