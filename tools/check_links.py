# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the links of a built site: each leads to a file and an anchor of the site, and each page can be reached from index.html.

Usage: python tools/check_links.py DIRECTORY

Links to other sites are counted, and listed in external-links.txt beside the directory, but not opened.
"""

from __future__ import annotations

import sys
import typing as t
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

START = "index.html"
# Sphinx links them from each page or from none.
UNLINKED = frozenset({"genindex.html", "search.html"})


class Page(HTMLParser):
    """Anchors and links of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name == "src" or (name == "href" and tag in ("a", "link")):
                self.links.append(value)


class Result(t.NamedTuple):
    """problems: one sentence each.  external: every address of another site with the pages that link to it."""

    pages: int
    links: int
    problems: list[str]
    external: dict[str, set[str]]


def check(site: Path) -> Result:
    pages = {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }
    problems: list[str] = []
    external: dict[str, set[str]] = {}
    targets: dict[str, set[str]] = {}
    for name, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("//"):
                external.setdefault(link, set()).add(name)
                continue
            target, dummy, anchor = urljoin(name, link).partition("#")
            target = unquote(target.partition("?")[0])
            targets.setdefault(name, set()).add(target)
            if not (site / target).is_file():
                problems.append(f"{name}: {link} leads to no file")
            elif anchor and target in pages and unquote(anchor) not in pages[target].anchors:
                problems.append(f"{name}: {link} leads to no anchor of {target}")
    unreachable = set(pages) - _reachable(targets) - UNLINKED
    problems += [f"{name}: no page leads to it from {START}" for name in sorted(unreachable)]
    return Result(len(pages), sum(len(page.links) for page in pages.values()), problems, external)


def _reachable(targets: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [START]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += targets.get(name, ())
    return reached


def main(directory: str) -> int:
    site = Path(directory)
    result = check(site)
    lines = [f"{address}\t{' '.join(sorted(names))}\n" for address, names in sorted(result.external.items())]
    (site.parent / "external-links.txt").write_text("".join(lines), encoding="utf-8")
    for problem in result.problems:
        print(problem, file=sys.stderr)
    if not result.pages:
        print(f"{directory}: no pages", file=sys.stderr)
        return 1
    print(f"{result.pages} pages, {result.links} links, {len(result.external)} addresses of other sites (not opened)")
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
