"""One JSON line for each invocation: for people, and, in CloudWatch's embedded metric format, for metrics.

No text of a message ever stands in it.
"""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

_DIMENSIONS = ["api", "stage"]


def write_line(namespace: str, fields: Mapping[str, Any], metrics: Mapping[str, int]) -> None:
    """Write a line.

    Args:
        namespace: CloudWatch's namespace for the metrics.
        fields: what the line says; `api` and `stage` are the metrics' dimensions.
        metrics: counts by metric name.
    """
    directive = {
        "Namespace": namespace,
        "Dimensions": [_DIMENSIONS],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    emf = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [directive]}
    sys.stdout.write(json.dumps({**fields, **metrics, "_aws": emf}, separators=(",", ":")) + "\n")
    sys.stdout.flush()
