"""The domain's ports on AWS: DynamoDB tables and @connections, through the signed client. Alone does I/O."""
