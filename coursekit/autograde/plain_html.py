"""HTML reduced to tables and text, in time proportional to its length.

Nothing of the original markup is passed on: known tags are written anew, all else is
escaped text. Parsers such as html5lib or html.parser need minutes for 200 kB that were
made to hurt them, and one writer serves a whole class.
"""

import re

TAGS = {
    *(
        "b",
        "caption",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "i",
        "li",
        "ol",
        "p",
    ),
    *("pre", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "u", "ul"),
}
EMPTY = {"br", "hr"}
LEFT_OUT = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
ANCHOR = ('<a class="anchor-link"', "</a>")  # nbconvert's, beside each heading
MAX_DEPTH = 40
MAX_CHARACTERS = 200_000
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,9})(\s[^<>]{0,400})?/?>")
SPAN = re.compile(r"""\b(colspan|rowspan)=["']?([0-9]{1,3})\b""")
BARE_AMPERSAND = re.compile(r"&(?!([a-zA-Z]{2,8}|#[0-9]{1,5});)")


def plain_html(text):
    """Return HTML with tables and text only, every tag closed.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Empty where there is more than 200,000 characters of it.

    Examples
    --------
    >>> plain_html("<td onclick=x() colspan=2>1 < 2<script>x()</script>")
    '<td colspan="2">1 &lt; 2</td>'
    """
    if len(text) > MAX_CHARACTERS:
        return ""
    for start, end in LEFT_OUT:
        text = without(text, start, end)
    writer, place = Writer(), 0
    for tag in TAG.finditer(text):
        writer.write(escaped(text[place : tag.start()]))
        writer.write_tag(tag)
        place = tag.end()
    writer.write(escaped(text[place:]))
    return writer.finished()


def for_page(element):
    """Return what nbconvert is about to put on a page, as `plain_html`.

    nbconvert's own filter has no headings of tables and no paragraphs, and would show
    their tags as text. Tables get the style of Bootstrap, which nbgrader's pages have:
    without it the words of neighbouring cells touch.

    Examples
    --------
    >>> for_page("<p>40 of 40</p>")
    '<p>40 of 40</p>'
    """
    text = element.decode("utf-8") if isinstance(element, bytes) else str(element)
    plain = plain_html(without(text, *ANCHOR))
    return plain.replace("<table>", '<table class="table table-condensed">')


def without(text, start, end):
    """Cut what lies between two marks, marks included; to the end where one is open.

    This is for looks, so that no style sheet is shown as text: what is left is
    written anew anyway.

    Examples
    --------
    >>> without("<style>td {color: red}</style><td>1</td>", "<style", "</style>")
    '<td>1</td>'
    """
    kept, lower, place = [], text.lower(), 0
    while (begin := lower.find(start, place)) >= 0:
        kept.append(text[place:begin])
        finish = lower.find(end, begin)
        place = len(text) if finish < 0 else finish + len(end)
    return "".join([*kept, text[place:]])


def escaped(text):
    """Return text in which nothing can be taken for a tag; known characters stay.

    Examples
    --------
    >>> escaped("a&nbsp;<b & c")
    'a&nbsp;&lt;b &amp; c'
    """
    text = BARE_AMPERSAND.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


class Writer:
    """Writes tags that may stay, and closes what is left open."""

    def __init__(self):
        self.written = []
        self.open = []

    def write(self, text):
        """Write text that is escaped already."""
        self.written.append(text)

    def write_tag(self, tag):
        """Write a tag anew if it is known, whatever it said beside its name."""
        closes, name, rest = tag.groups()
        name = name.lower()
        if closes:
            self.close(name)
        elif name in EMPTY:
            self.write(f"<{name}>")
        elif name in TAGS and len(self.open) < MAX_DEPTH:
            spans = "".join(f' {key}="{n}"' for key, n in SPAN.findall(rest or ""))
            self.write(f"<{name}{spans}>")
            self.open.append(name)

    def close(self, name):
        """Close a tag if it is open, and what was left open within it."""
        if name in self.open:
            while self.close_last() != name:
                continue

    def close_last(self):
        """Close the tag that was opened last, and return it."""
        self.write(f"</{self.open[-1]}>")
        return self.open.pop()

    def finished(self):
        """Return all that was written, with every tag closed."""
        while self.open:
            self.close_last()
        return "".join(self.written)
