"""Check a built site: links lead somewhere, nothing is loaded, pictures have words."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADING = {  # what a browser fetches by itself, and from which attribute
    **dict.fromkeys(
        ("script", "img", "iframe", "source", "video", "audio", "embed"), "src"
    ),
    "object": "data",
    "link": "href",
}
NOT_LOADED = {"canonical", "next", "prev", "index", "search", "author", "license"}
FROM_ELSEWHERE = re.compile(
    r"url\(\s*['\"]?\s*(?:https?:)?//|@import\s+['\"]?\s*http", re.IGNORECASE
)


class Page(HTMLParser):
    """What a page links to, what it loads, and the places within it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.places = set(), set(), set()
        self.unsaid = set()  # pictures that nothing is said of
        self.styles = []
        self.in_style = False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        """Note one tag; called by the parser."""
        found = {name: value or "" for name, value in attributes}
        self.places.update(found[name] for name in ("id", "name") if name in found)
        self.styles.append(found.get("style", ""))
        self.in_style = tag == "style"
        if tag == "img" and not found.get("alt"):
            self.unsaid.add(found.get("src", ""))
        link = found.get(LOADING.get(tag, "href" if tag == "a" else ""))
        if link is None:
            return
        self.links.add(link)
        if tag != "a" and not NOT_LOADED & set(found.get("rel", "").split()):
            self.loads.add(link)

    def handle_data(self, text):
        """Keep what stands in a style; called by the parser."""
        if self.in_style:
            self.styles.append(text)

    def handle_endtag(self, tag):
        """Leave a style; called by the parser."""
        self.in_style = False


def problems(site):
    """Return what is wrong with a site, a line each.

    Parameters
    ----------
    site : path
        The folder of its HTML.

    Returns
    -------
    list of str
        Links to files or places within pages that are not there, and whatever a page
        or a style sheet would load from another server; and pictures without words for
        those who cannot see them.
    """
    site = Path(site).resolve()
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        wrong = [*loaded(page), *dead(path, page, pages)]
        wrong += [f"{each} has no words (alt)" for each in sorted(page.unsaid)]
        found += [f"{path.relative_to(site)}: {each}" for each in wrong]
    found += [
        f"{path.relative_to(site)}: loads from elsewhere"
        for path in sorted(site.rglob("*.css"))
        if FROM_ELSEWHERE.search(path.read_text("utf-8"))
    ]
    return found


def loaded(page):
    """Yield what a page loads from another server."""
    for link in sorted(page.loads):
        if urlsplit(link).scheme in ("http", "https") or link.startswith("//"):
            yield f"loads {link}"
    if any(map(FROM_ELSEWHERE.search, page.styles)):
        yield "a style loads from elsewhere"


def dead(path, page, pages):
    """Yield the links of a page that lead nowhere within the site."""
    for link in sorted(page.links):
        parts = urlsplit(link)
        if parts.scheme or link.startswith("//"):
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        place = unquote(parts.fragment)
        if not target.is_file():
            yield f"{link} is not there"
        elif place and target in pages and place not in pages[target].places:
            yield f"{link} names no place there"
