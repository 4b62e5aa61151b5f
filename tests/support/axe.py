"""axe-core in the browser of the tests: what it finds wrong with the page that is open."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

SCRIPT = Axe().axe_script
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = "tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(found => found.violations)"


def violations(page: Any) -> list[str]:
    """Each broken rule with the first three places; the script goes into a page once, however often it is asked."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found = page.evaluate(ASK, TAGS)
    return [f"{one['id']}: {'; '.join(node['html'][:120] for node in one['nodes'][:3])}" for one in found]
