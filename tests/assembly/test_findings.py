"""The words of findings: all there, in both languages, of the same facts."""

import re
import string
from pathlib import Path

import pytest

from jialiang.assembly import (
    diagnosis,
    diagnosis_database,
    diagnosis_keys,
    diagnosis_machine,
    diagnosis_records,
)
from jialiang.assembly.findings import error, warning, words

MODULES = (diagnosis, diagnosis_database, diagnosis_keys, diagnosis_machine, diagnosis_records)


def used_keys() -> set[str]:
    sources = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in MODULES)
    return set(re.findall(r'"((?:check|database|migrations|settings|disk|fonts|static|translations|clock|keys|crl|'
                          r'jobs|events|certificates|numbers|answers|files|audit)\.[a-z_]+)"', sources))  # fmt: skip


def test_every_finding_has_words_and_every_word_a_finding() -> None:
    assert used_keys() == set(words())


@pytest.mark.parametrize("key", sorted(words()))
def test_a_finding_speaks_both_languages_of_the_same_facts(key: str) -> None:
    def facts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for member in ("what", "mend"):
        told = words()[key][member]
        assert facts(told["zh"]) == facts(told["en"])
        assert not re.search("[，。；：]", told["en"])
    assert re.search("[\u4e00-\u9fff]", words()[key]["what"]["zh"])


def test_a_finding_is_filled_with_its_facts() -> None:
    found = warning("disk.little", folder="/data", free="12")
    assert found.what.en == "Only 12 MiB are free on the disk of /data."
    assert found.to_json()["severity"] == "warning"
    assert error("disk.little", folder="/data", free="12").severity == "error"
