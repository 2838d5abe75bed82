"""What cdk-nag's AwsSolutions pack finds in an app."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from tests.infra.synthesis import context


def find_findings(build: Callable[[App], object], outdir: Path) -> list[tuple[str, str]]:
    """Synthesise with the pack, and return each finding with the path of its construct."""
    app = App(outdir=str(outdir), context=context(), analytics_reporting=False)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, write_suppressions_to_cloud_formation=True))
    build(app)
    # Findings fail the synthesis, once the report is written.
    with suppress(RuntimeError):
        app.synth()
    report = json.loads((outdir / "validation-report.json").read_text())
    return [
        (violation["ruleName"], construct["constructPath"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    ]
