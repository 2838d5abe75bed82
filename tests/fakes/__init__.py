"""The domain's ports in memory, written by hand."""
