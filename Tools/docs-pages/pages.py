"""Makes a catalogue for docc of the pages that are written for a forge too.

usage: pages.py CATALOGUE SYMBOLS

Links in the pages are relative, so that they work where Markdown is shown as it is. Here each one
is held against the page and the heading that it names, and becomes docc's own. The pages of
Protos/ become articles too. SYMBOLS gets the graph of a module without symbols, on which the
landing page stands.
"""

import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CATALOGUE = "Sources/ujuzi/ujuzi.docc"
PROTOS = ["Protos/WIRE.md", "Protos/LOG.md", "Protos/LIFECYCLES.md"]
# Checked, but no article.
OTHERS = ["README.md", "Tools/python/README.md", "Tools/java/README.md", "Tests/Golden/README.md",
          "Tools/conformance/README.md"]
SWIFT_TEST = "Tests/ProgramTests/TypedCallsTests.swift"
# So that whoever comes new reads it.
README_LINES_MAX = 80
LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^()\s]+)\)")
GRAPH = {
    "metadata": {"formatVersion": {"major": 0, "minor": 6, "patch": 0}, "generator": "ujuzi"},
    "module": {"name": "ujuzi", "platform": {
        "architecture": "x86_64", "vendor": "unknown", "operatingSystem": {"name": "linux"}}},
    "symbols": [], "relationships": [],
}


def read(path):
    with open(os.path.join(ROOT, path)) as file:
        return file.read()


def parts(text):
    """The text outside of fenced code and the code itself, in turns."""
    return re.split(r"(?ms)(^```.*?^```$)", text)


def slug(heading):
    """As forges make an anchor of a heading."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def headings(text):
    """{a forge's anchor: docc's}."""
    found = {}
    for prose in parts(text)[::2]:
        for heading in re.findall(r"(?m)^#+ (.+)$", prose):
            words = re.sub(r"[^\w\-. ]+", "", heading.replace("`", "").strip())
            found.setdefault(slug(heading), re.sub(r" +", "-", words))
    return found


def swift_blocks_that_no_test_runs():
    """Where a page's Swift is not, line for line, in the test that runs it."""
    run = [line.strip() for line in read(SWIFT_TEST).splitlines()]
    for name in sorted(os.listdir(os.path.join(ROOT, CATALOGUE))):
        for block in re.findall(r"(?ms)^```swift\n(.*?)^```$", read(f"{CATALOGUE}/{name}")):
            lines = [line.strip() for line in block.splitlines()]
            if not any(run[at:at + len(lines)] == lines for at in range(len(run))):
                yield f"{name}: its Swift is not what {SWIFT_TEST} runs: {lines[0]}"


def main():
    catalogue, symbols = sys.argv[1:]
    names = sorted(n for n in os.listdir(os.path.join(ROOT, CATALOGUE)) if n.endswith(".md"))
    articles = [f"{CATALOGUE}/{n}" for n in names] + PROTOS
    texts = {path: read(path) for path in articles + OTHERS}
    anchors = {path: headings(text) for path, text in texts.items()}
    wrong = list(swift_blocks_that_no_test_runs())
    if texts["README.md"].count("\n") > README_LINES_MAX:
        wrong.append(f"README.md has more than {README_LINES_MAX} lines: the rest belongs to a page")

    def resolved(page):
        def replaced(match):
            words, target = match.groups()
            if re.match(r"[a-z]+:", target):
                return match[0]
            path, _, anchor = target.partition("#")
            to = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            if to not in texts:
                if not os.path.exists(os.path.join(ROOT, to)):
                    wrong.append(f"{page}: {target} leads nowhere")
                return words
            if anchor and anchor not in anchors[to]:
                wrong.append(f"{page}: {target} has no such heading")
                return words
            if to not in articles:
                return words
            name = os.path.basename(to)[:-3]
            article = "ujuzi" if name == "ujuzi" else name
            return f"[{words}](doc:{article}{'#' + anchors[to][anchor] if anchor else ''})"
        return replaced

    os.makedirs(catalogue)
    for page, text in texts.items():
        pieces = parts(text)
        pieces[::2] = [LINK.sub(resolved(page), prose) for prose in pieces[::2]]
        if page in articles:
            with open(os.path.join(catalogue, os.path.basename(page)), "w") as file:
                file.write("".join(pieces))
    if wrong:
        raise SystemExit("docs: " + "\ndocs: ".join(wrong))
    os.makedirs(symbols)
    with open(os.path.join(symbols, "ujuzi.symbols.json"), "w") as file:
        json.dump(GRAPH, file)


if __name__ == "__main__":
    main()
