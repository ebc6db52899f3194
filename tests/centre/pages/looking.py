"""What is asked of a page in a browser: accessible by axe-core, no wider than its window, no complaint."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browsing import AXE, need

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COLOUR = "color-contrast"  # the dearest rule, and the only one that a theme can break


def axe(page: Page, rules: dict[str, object] | None = None) -> list[str]:
    """What axe-core finds against WCAG 2 A and AA: rule and place. `rules` are axe's options in place of all."""
    need(AXE, "axe-core")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": TAGS, "resultTypes": ["violations"], **(rules or {})}
    return list(
        page.evaluate(
            """async (options) => (await axe.run(document, options))
            .violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)}`))""",
            options,
        )
    )


def contrast(page: Page) -> list[str]:
    """Texts that do not stand out from their ground."""
    return axe(page, {"runOnly": {"type": "rule", "values": [COLOUR]}})


def all_but_contrast(page: Page) -> list[str]:
    """What else axe-core finds."""
    return axe(page, {"rules": {COLOUR: {"enabled": False}}})


def too_wide(page: Page) -> list[str]:
    """What scrolls sideways."""
    return list(
        page.evaluate(
            """() => [document.documentElement, document.getElementById('main')]
            .filter((each) => each && each.scrollWidth > each.clientWidth)
            .map((each) => `${each.tagName} ${each.scrollWidth} > ${each.clientWidth}`)"""
        )
    )


def at_twice_the_size(page: Page) -> list[str]:
    """What scrolls sideways at 200 % zoom: half the window's pixels, as the browser reckons."""
    page.set_viewport_size({"width": 683, "height": 384})
    found = too_wide(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    return found
