"""Checks report.pdf of a run: accessible by the rules of PDF/UA-1, and no number of the pages lost.

Usage: pdf.py OUT, where OUT is the folder of the run.
"""

import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import page
import pypdfium2

VOID = {"br", "col", "hr", "meta", "wbr"}
# What says nothing, or is there for a screen only; the PDF leaves out the same.
LEFT_OUT = {"nav", "style", "title", "desc"}
LEFT_OUT_CLASSES = {"naar", "patronen", "schuif", "smal"}


class Shown(HTMLParser):
    """The text of a page that its PDF must hold."""

    def __init__(self, html):
        super().__init__()
        self.hidden = []
        self.text = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.text.append("" if tag == "wbr" else " ")
        if tag not in VOID:
            classes = set((dict(attributes).get("class") or "").split())
            hide = tag in LEFT_OUT or bool(LEFT_OUT_CLASSES & classes)
            self.hidden.append(hide or (bool(self.hidden) and self.hidden[-1]))

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        self.text.append(" ")
        self.hidden.pop()

    def handle_data(self, data):
        if not (self.hidden and self.hidden[-1]):
            self.text.append(data)


def numbers(text):
    unbroken = re.sub("[\u00ad\u200b\u2060]", "", text)
    return Counter(re.findall(r"\d+(?:[.,]\d+)*", unbroken))


def numbers_of_pages(out):
    found = Counter()
    for path in [out / "report.html", *sorted((out / "report").glob("**/*.html"))]:
        found += numbers("".join(Shown(path.read_text(encoding="utf-8")).text))
    return found


def numbers_of_pdf(path):
    document = pypdfium2.PdfDocument(path)
    return numbers("\n".join(sheet.get_textpage().get_text_bounded() for sheet in document))


def main():
    out = Path(sys.argv[1])
    pdf = out / "report.pdf"
    report = page.validate_pdf(pdf, profile="ua1")
    print(f"PDF/UA-1: {report.rules.passed} of {report.rules.total} rules hold")
    for failure in report.failures[:20]:
        print(f"  {failure.rule_id}: {failure.message}")
    wanted = numbers_of_pages(out)
    lost = wanted - numbers_of_pdf(pdf)
    print(f"numbers: {wanted.total()} on the pages, {lost.total()} of them not in the PDF")
    for number, times in sorted(lost.items())[:20]:
        print(f"  {number}: {times} times too few")
    enough = wanted.total() > 0 and report.rules.total > 0
    return 0 if enough and report.is_compliant and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
