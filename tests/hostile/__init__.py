"""Hostile input: the kept cases, what makes up more of it, and the rule that every answer follows."""
