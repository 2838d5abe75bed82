"""Synthesis: what the construct puts into a template, and what it refuses. No AWS, no deployment."""

import os

# Both are read as aws_cdk is imported. cfn-lint checks the template more closely than CDK's own validation does.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
os.environ.setdefault("CDK_VALIDATION", "false")
