"""The chat's Lambda functions: handlers -> domain -> protocol, with aws as the domain's adapters."""
