"""Tests: unit (fast), infra (synthesis), e2e (one deployed stack)."""
