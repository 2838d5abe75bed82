"""The whole template, so that no change of it goes unseen: `pytest tests/infra --snapshot-update` accepts one."""

from __future__ import annotations

import json
import re

from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.infra.synthesis import Template


def test_template_is_as_recorded(template: Template, snapshot: SnapshotAssertion) -> None:
    # The hash of the functions' code changes with every line of it, and says nothing about the template.
    body = json.loads(re.sub(r"[0-9a-f]{64}", "<hash>", json.dumps(template.body)))
    assert body == snapshot(extension_class=JSONSnapshotExtension)
