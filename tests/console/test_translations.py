"""Not a word of a page is untranslated; and the check that says so finds what is planted."""

from pathlib import Path

import pytest

from tests.console.conftest import tool

messages = tool("messages")
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'


def test_every_msgid_of_the_console_is_translated_and_every_translation_used() -> None:
    assert messages.check() == []


@pytest.fixture
def planted(tmp_path: Path):
    """A small source tree with one page, and a way to check it against a catalogue."""
    source = tmp_path / "source"
    (source / "templates").mkdir(parents=True)
    locale = tmp_path / "zh_Hans"
    (locale / "parts").mkdir(parents=True)

    def check(page: str, *parts: str) -> list[str]:
        (source / "templates" / "page.html").write_text(page, encoding="utf-8")
        for number, part in enumerate(parts):
            (locale / "parts" / f"p{number}.po").write_text(HEAD + part, encoding="utf-8")
        return messages.check(source, locale)

    return check


def entry(msgid: str, msgstr: str) -> str:
    return f'msgid "{msgid}"\nmsgstr "{msgstr}"\n\n'


PAGE = '{% translate "Save" %}{% fact _("Due") %}x{% endfact %}'


def test_a_whole_catalogue_has_no_findings(planted) -> None:
    assert planted(PAGE, entry("Save", "保存"), entry("Due", "期限")) == []


@pytest.mark.parametrize(
    ("parts", "finding"),
    [
        ([entry("Save", "保存")], "not translated: 'Due'"),
        ([entry("Save", "保存") + entry("Due", "")], "empty: 'Due'"),
        ([entry("Save", "保存") + "#, fuzzy\n" + entry("Due", "期限")], "fuzzy: 'Due'"),
        ([entry("Save", "保存") + entry("Due", "期限") + entry("Toys", "玩具")], "no page uses 'Toys'"),
        (
            [entry("Save", "保存") + entry("Due", "期限"), entry("Due", "截止")],
            "'Due' is told differently in p0.po",
        ),
        ([entry("Save", "保存 %(n)s") + entry("Due", "期限")], "placeholders of 'Save' differ"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_found(planted, parts: list[str], finding: str) -> None:
    assert any(finding in line for line in planted(PAGE, *parts)), planted(PAGE, *parts)


def test_plurals_and_blocks_are_extracted(planted) -> None:
    page = "{% blocktranslate count n=n %}{{ n }} point{% plural %}{{ n }} points{% endblocktranslate %}"
    plural = 'msgid "%(n)s point"\nmsgid_plural "%(n)s points"\nmsgstr[0] "%(n)s 个点"\n'
    assert planted(page, plural) == []
    assert planted(page, "") != []


def test_compiling_twice_leaves_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.po").write_text(HEAD + entry("Save", "保存"), encoding="utf-8")
    first = messages.compile_catalogue(tmp_path).read_bytes()
    assert messages.compile_catalogue(tmp_path).read_bytes() == first
    assert "保存".encode() in first
