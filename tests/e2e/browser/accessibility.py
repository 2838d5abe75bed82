"""axe-core, which looks for what shuts people out."""

from __future__ import annotations

from playwright.sync_api import Page

from local_aws.local import ROOT

# A development dependency of the web part.
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_GRAVE = ("serious", "critical")


def find_barriers(page: Page, view: str) -> list[str]:
    """Look at a page as it is now.

    Args:
        page: a page that has run `AXE` as an init script.
        view: what the page shows.

    Returns:
        What is serious or critical, in a line each: the view, the rule, the element, and why.
    """
    found = page.evaluate("async () => (await axe.run({ resultTypes: ['violations'] })).violations")
    return [
        f"{view}: {rule['id']}: {node['html']}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if rule["impact"] in _GRAVE
    ]
