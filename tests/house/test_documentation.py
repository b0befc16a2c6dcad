"""The documentation is true of the code where a machine can tell: pages, links, names, both languages alike."""

import ast
import json
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDE = DOCS / "guide"
PACKAGE = ROOT / "src" / "jialiang"
TOP_PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "THREAT_MODEL.md", "CHANGELOG.md")
LARGEST_PICTURE = 200_000
LONGEST_DECISION = 40
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.M | re.S)
HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*$", re.M)


def pages() -> list[Path]:
    return [*(ROOT / name for name in TOP_PAGES), *sorted(DOCS.rglob("*.md"))]


def prose(page: Path) -> str:
    """Return a page without its code blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[tuple[int, str]]:
    return [(len(marks), words) for marks, words in HEADING.findall(prose(page))]


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower())
    return kept.replace(" ", "-")


def links() -> Iterator[tuple[Path, str]]:
    for page in pages():
        for target in LINK.findall(prose(page)):
            yield page, target


def broken(page: Path, target: str) -> bool:
    """Whether a relative link leads to no file of the checkout, or to no heading of it."""
    path, _, fragment = urllib.parse.unquote(target).partition("#")
    aim = (page.parent / path).resolve() if path else page
    if not aim.is_relative_to(ROOT) or not aim.is_file():
        return True
    return bool(fragment) and fragment not in {anchor(words) for _, words in headings(aim)}


def test_generated_pages_are_up_to_date():
    command = [sys.executable, "tools/reference_pages.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"make docs: {result.stdout}{result.stderr[-2000:]}"


def test_every_relative_link_leads_somewhere():
    relative = [(page, target) for page, target in links() if "://" not in target and not target.startswith("mailto:")]
    assert len(relative) > 50
    assert not [f"{page.relative_to(ROOT)}: {target}" for page, target in relative if broken(page, target)]


@pytest.mark.parametrize("target", ["nowhere.md", "../../../outside.md", "README.md#no-such-heading", "docs"])
def test_a_link_that_leads_nowhere_is_found(target: str):
    assert broken(ROOT / "README.md", target)


def test_every_page_is_reached_from_the_readme():
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        waiting += [(page.parent / t.partition("#")[0]).resolve() for t in LINK.findall(prose(page)) if "://" not in t]
    unreached = set(DOCS.rglob("*.md")) - reached
    assert not sorted(str(page.relative_to(ROOT)) for page in unreached)


def test_the_readme_names_the_two_commands_and_what_they_leave():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = ["make demo", "make test", "certificate.xml", "certificate.zh.pdf", "certificate.en.pdf", "ca.pem"]
    named += ["qr.png", "report.json", "curl", "jialiang certificate verify", "LICENSE"]
    assert not [name for name in named if name not in readme]


def test_no_page_names_a_machine_or_a_mirror():
    paths = re.compile(r"(?<![\w.])/(?:work|tmp|root|home|Users)/\S+")
    hosts = re.compile(r"\b(?:mirrors?|pypi|npmjs|registry|artifactory|nexus)\.[a-z0-9-]+\.[a-z]{2,}", re.I)
    found = [
        f"{page.relative_to(ROOT)}: {match.group()}"
        for page in [*pages(), ROOT / "NOTICE"]
        for kind in (paths, hosts)
        for match in kind.finditer(page.read_text(encoding="utf-8"))
    ]
    assert not found


def test_pages_name_only_commands_of_make_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in pages():
        named = set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")))
        assert named <= targets, page


def test_pages_name_only_settings_that_exist():
    others = {"JIALIANG_ORACLES", "JIALIANG_TEST_POSTGRES"}
    known = set(re.findall(r"^### (JIALIANG_\w+)$", (DOCS / "reference" / "settings.md").read_text("utf-8"), re.M))
    for page in pages():
        named = set(re.findall(r"\bJIALIANG_[A-Z_]*[A-Z]\b", page.read_text(encoding="utf-8")))
        assert named <= known | others, page


def test_pages_name_only_source_files_that_exist():
    """A path in code style that begins with a layer, ``src``, ``tests`` or ``tools`` is a path of the checkout."""
    layers = "|".join(sorted(p.name for p in PACKAGE.iterdir() if p.is_dir() and not p.name.startswith("_")))
    named = re.compile(rf"`((?:src/jialiang|tests|tools|docs|benchmarks|{layers})/[\w./-]+)`")
    made_up = {"base/reference_materials/", "functions/reference_materials.py", "console/reference_materials.py"}
    made_up |= {"kernel/error_texts/ref.json", "tests/base/reference_materials/"}
    missing = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in pages()
        for name in named.findall(page.read_text(encoding="utf-8"))
        if name not in made_up and not (ROOT / name).exists() and not (PACKAGE / name).exists()
    ]
    assert not missing


def test_pictures_are_small_and_shown():
    shown = {(page.parent / target).resolve() for page, target in links()}
    pictures = [file for file in (DOCS / "pictures").rglob("*") if file.is_file()]
    assert pictures
    assert not [p.name for p in pictures if p.stat().st_size > LARGEST_PICTURE or p not in shown]


def test_decisions_are_short_numbered_without_a_gap_and_tell_what_was_given_up():
    decisions = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    for file in decisions:
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LONGEST_DECISION, file.name
        for part in ("**Context.**", "**Decision.**", "**Given up.**"):
            assert part in text, (file.name, part)


def test_the_user_guide_has_the_same_pages_in_both_languages():
    english, chinese = (sorted(file.name for file in (GUIDE / language).glob("*.md")) for language in ("en", "zh"))
    assert english == chinese
    assert len(english) >= 9


@pytest.mark.parametrize("name", sorted(file.name for file in (GUIDE / "en").glob("*.md")))
def test_a_page_of_the_guide_has_the_same_headings_and_steps_in_both_languages(name: str):
    english, chinese = GUIDE / "en" / name, GUIDE / "zh" / name
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]
    for item in (r"^\d+\. ", r"^- ", r"^\| "):
        counts = {len(re.findall(item, prose(page), re.M)) for page in (english, chinese)}
        assert len(counts) == 1, item
    assert re.search(r"[一-鿿]", chinese.read_text(encoding="utf-8"))


def events_in_code() -> set[str]:
    """Return the events that verbs publish: dotted names in the code of ``functions`` that are no permission."""
    actions = set(json.loads((PACKAGE / "security" / "data" / "permissions.json").read_text(encoding="utf-8")))
    nouns = {action.partition(".")[0] for action in actions}
    found = set()
    for file in (PACKAGE / "functions").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", text) and text.partition(".")[0] in nouns:
                found.add(text)
    return found - actions


def test_every_event_has_words_and_every_word_belongs_to_an_event():
    words = json.loads((PACKAGE / "vocabulary" / "data" / "events.json").read_text(encoding="utf-8"))
    assert set(words) == events_in_code()
    assert not [name for name, both in words.items() if not (both.get("zh") and both.get("en"))]
