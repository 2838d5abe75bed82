"""The functions of the examples."""
