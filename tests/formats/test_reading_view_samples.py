"""The twelve shared samples as people read them: every number and every name is there, found on another way."""

from collections import Counter

import pytest
from tests.formats.dcc_samples import DCC, NS, SAMPLES, SI, sample_certificate
from tests.formats.reading_pieces import (
    LANGUAGES,
    blocks,
    column,
    every_text,
    fact_list,
    facts,
    group,
    heads,
    section,
    tables,
    words_of,
)

from jialiang.formats.reading_view.blocks import Facts, Group, Table
from jialiang.formats.reading_view.building import reading_view

NUMBER_PATHS = (
    "//si:value", "//si:valueXMLList", "//si:uncertainty", "//si:uncertaintyXMLList", "//si:coverageFactor",
    "//si:coverageFactorXMLList", "//si:coverageProbability", "//si:coverageProbabilityXMLList",
    "//si:valueExpandedMU", "//si:valueExpandedMUXMLList", "//si:valueStandardMU", "//si:valueStandardMUXMLList",
)  # fmt: skip


@pytest.fixture(scope="module")
def views(oracles):
    """All samples in both languages, made once."""
    return {
        (name, language): reading_view(sample_certificate(oracles, name), language)
        for name in SAMPLES
        for language in LANGUAGES
    }


def numbers_by_xpath(certificate):
    """Every number of the file as its own text, found without the reader of quantities."""
    return {
        text
        for path in NUMBER_PATHS
        for found in certificate.tree.xpath(path, namespaces=NS)
        for text in (found.text or "").split()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_of_a_sample_stands_on_the_page(oracles, views, name, language):
    expected = numbers_by_xpath(sample_certificate(oracles, name))
    shown = {word for line in every_text(views[name, language]) for word in words_of(line)}
    assert expected
    assert expected - shown == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_stands_in_a_cell_of_a_table_as_often_as_in_the_file(oracles, views, name, language):
    certificate = sample_certificate(oracles, name)
    expected = Counter(
        text
        for path in ("//si:real/si:value", "//si:realListXMLList/si:valueXMLList")
        for found in certificate.tree.xpath(path, namespaces=NS)
        for text in found.text.split()
    )
    cells = Counter(
        word
        for table in tables(views[name, language])
        for row in table.rows
        for cell in row
        for line in cell.lines
        for word in words_of(line)
    )
    assert not {text: count for text, count in expected.items() if cells[text] < count}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_result_that_the_reader_of_quantities_gives_is_in_a_table(oracles, views, name, language):
    shown = {word for line in every_text(views[name, language]) for word in words_of(line)}
    for quantity in sample_certificate(oracles, name).quantities():
        for writing in (part for each in quantity.writings for part in each.flat()):
            u = writing.uncertainty
            for texts in (writing.values, u.expanded_uncertainty, u.standard_uncertainty, u.coverage_factor):
                assert set(texts) <= shown, quantity.path


@pytest.mark.parametrize("name", SAMPLES)
def test_every_english_text_stands_on_the_english_page(oracles, views, name):
    """Every word of every English content, whatever breaks the file makes between them."""
    shown = " ".join(" ".join(every_text(views[name, "en"])).split())
    for content in sample_certificate(oracles, name).tree.iterfind(f".//{{{DCC}}}content[@lang='en']"):
        for line in (content.text or "").split("\n"):
            assert " ".join(line.split()) in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_identifiers_and_digests_stand_on_the_page(oracles, views, name, language):
    shown = "\n".join(every_text(views[name, language]))
    tree = sample_certificate(oracles, name).tree
    for path in (".//{%s}identification/{%s}value", ".//{%s}certificate/{%s}referralID",
                 ".//{%s}coreData/{%s}uniqueIdentifier", ".//{%s}item/{%s}model"):  # fmt: skip
        for found in tree.iterfind(path % (DCC, DCC)):
            assert (found.text or "").strip() in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_sections_stand_in_one_order(views, name, language):
    order = [
        "identity",
        "laboratory",
        "customer",
        "persons",
        "items",
        "results",
        "statements",
        "others",
        "file",
    ]
    keys = [each.key for each in views[name, language].sections]
    assert keys == [key for key in order if key in keys]
    assert {"identity", "laboratory", "customer", "persons", "items", "results", "file"} <= set(keys)
    assert "others" not in keys


@pytest.mark.parametrize("name", SAMPLES)
def test_a_chinese_page_of_a_german_certificate_says_that_chinese_is_missing(views, name):
    (notice,) = views[name, "zh"].notices
    assert notice.tone == "warning"
    assert notice.said.text.startswith("本证书没有中文文字")
    assert "英文（en）" in notice.said.text


@pytest.mark.parametrize("name", SAMPLES)
def test_both_pages_have_the_same_tables(views, name):
    chinese, english = tables(views[name, "zh"]), tables(views[name, "en"])
    assert [len(table.rows) for table in chinese] == [len(table.rows) for table in english]
    assert [table.keys for table in chinese] == [table.keys for table in english]
    for ours, theirs in zip(chinese, english, strict=True):
        kinds = [each.kind for each in ours.columns]
        assert kinds == [each.kind for each in theirs.columns]
        for at, kind in enumerate(kinds):
            if kind == "number":
                digits = [[w for w in words_of(t) if w[:1].isdigit()] for t in column(ours, at)]
                assert digits == [[w for w in words_of(t) if w[:1].isdigit()] for t in column(theirs, at)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_row_has_a_cell_a_column(views, name, language):
    for table in tables(views[name, language]):
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert 1 <= table.keys < len(table.columns)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_no_group_of_facts_or_table_is_empty(views, name, language):
    for block in blocks(views[name, language], Facts):
        assert block.facts
        assert all(fact.label and fact.said for fact in block.facts)
    for block in blocks(views[name, language], Table):
        assert all(each.name or each.symbol for each in block.columns)


def test_the_silicon_sphere_says_its_mass_with_its_uncertainty(views):
    table = tables(views["v2.4.0_siliziumkugel", "en"], "results")[0]
    row = next(row for row in table.rows if row[0].text == "mass")
    assert [cell.text for cell in row] == [
        "mass",
        "1.00007841 kg",
        "U = 0.00000005 kg",
        "2",
        "0.95",
        "1 kg + 78,41 mg",
    ]
    assert [each[:2] for each in heads(table)[3:5]] == [
        ("k", "Coverage factor"),
        ("p", "Coverage probability"),
    ]


def test_the_silicon_sphere_has_its_conditions_in_one_table(views):
    view = views["v2.4.0_siliziumkugel", "en"]
    table = tables(view, "results")[2]
    assert column(table, 0) == ["temperature", "", "relative humidity", "", "air pressure", ""]
    assert column(table, 1) == ["from", "to"] * 3
    assert column(table, 2)[0] == "20.775 °C"
    assert column(table, 2)[4:] == ["1007.38 hPa", "1007.42 hPa"]
    assert group(view, "Influence conditions").blocks[0].said.lines[0] == "Ambient conditions"


def test_a_misspelt_unit_is_read_as_what_was_meant(views):
    """The silicon sphere writes \\degreeCelsius, the single weight /kilogram; neither is a unit of the D-SI."""
    assert "20.775 ℃" in every_text(views["v2.4.0_siliziumkugel", "zh"])
    assert "0.999997191 kg" in every_text(views["v3.0.0_mass_singleweight", "en"])


def test_the_single_weight_says_where_its_volume_is_from(views):
    view = views["v3.0.0_mass_singleweight", "en"]
    assert "429.35318 cm³" in every_text(view)
    assert group(view, "Metadata").blocks
    told = [(fact.label.text, fact.said.text) for block in blocks(view, Facts) for fact in block.facts]
    assert ("Reference", "certificate xxa3") in told
    assert ("Responsible authority", "Calibration lab xy") in told


def test_the_hygrometer_has_both_units_side_by_side(views):
    table = tables(views["v3.1.2_gp_humidity", "en"], "results")[0]
    assert heads(table)[:4] == [
        ("", "No.", ""),
        ("", "Date and time", ""),
        ("", "Reference value relative humidity", "1"),
        ("", "Reference value relative humidity", "%"),
    ]
    assert [cell.text for cell in table.rows[3]] == [
        "4", "2021-07-27T16:30:00", "0.901", "90.1", "0.912", "91.2", "0.011", "0.011", "1.1",
    ]  # fmt: skip
    (u,) = [each for each in table.columns if each.symbol == "U"]
    assert (u.unit, u.remarks) == ("1", ("k = 2", "p = 0.95"))
    assert table.keys == 2


def test_the_hygrometer_has_two_items_with_three_numbers_each(views):
    view = views["v3.1.2_gp_humidity", "zh"]
    hints = [fact.hint for fact in fact_list(view, "items") if fact.hint]
    assert hints == ["制造商给出", "委托方给出", "校准实验室给出"] * 2
    names = [block.heading.text for block in section(view, "items").blocks if isinstance(block, Group)]
    assert names == ["Display unit", "Humidity sensor"]


def test_paper_certificates_of_standards_are_called_so(views):
    told = [
        (fact.label.text, fact.said.text)
        for block in blocks(views["v3.1.2_gp_humidity", "en"], Facts)
        for fact in block.facts
    ]
    assert ("Digest", "on paper, no digest") in told
    assert ("Digest", "SHA256: SHA256-value") in told


def test_ref_types_help_where_names_are_in_another_language(views):
    table = tables(views["v3.2.0_gp_temperature_xades_signed", "zh"], "results")[0]
    assert [each.remarks[:1] for each in table.columns[1:4]] == [("参考值",), ("参考值",), ("测得值",)]
    table = tables(views["v3.2.0_gp_temperature_xades_signed", "en"], "results")[0]
    assert [each.remarks for each in table.columns[1:4]] == [(), (), ()]


def test_uncertainty_of_a_list_says_k_p_and_distribution_in_its_head(views):
    table = tables(views["v3.3.0_gp_temperature_valid", "zh"], "results")[0]
    (u,) = [each for each in table.columns if each.symbol == "U"]
    assert u.remarks == ("k = 2", "p = 0.95", "正态分布")
    assert u.unit == "K"


@pytest.mark.parametrize(
    ("name", "count"),
    [("v3.2.0_gp_temperature_xades_signed", 1), ("v3.3.0_gp_temperature_xmldsig_tampered", 1),
     ("v3.3.0_gp_temperature_valid", 0), ("v2.3.0_example_multi_item", 0)],
)  # fmt: skip
def test_signatures_are_told_of_and_not_judged(views, name, count):
    text = group(views[name, "en"], "Electronic signatures").blocks[0].said.text
    assert ("does not say whether they hold" in text) == bool(count)
    assert (f": {count}." in text) == bool(count)


@pytest.mark.parametrize("name", SAMPLES)
def test_days_place_and_version_are_facts_of_the_certificate(oracles, views, name):
    core = sample_certificate(oracles, name).tree.find(f".//{{{DCC}}}coreData")
    told = facts(views[name, "en"], "identity")
    assert told["Begin of performance"] == core.findtext(f"{{{DCC}}}beginPerformanceDate")
    assert told["End of performance"] == core.findtext(f"{{{DCC}}}endPerformanceDate")
    assert told["DCC version"] == name[1:6]
    assert told["Country"] == "DE"
    languages = {"de": "German (de)", "en": "English (en)"}
    first = core.findtext(f"{{{DCC}}}mandatoryLangCodeISO639_1")
    assert told["Languages of the certificate"].split(", ")[0] == languages[first]
    assert set(told["Languages of the certificate"].split(", ")) == set(languages.values())


def test_references_by_id_are_told_by_name(views):
    told = facts(views["v3.1.1_gp_temperature_extensive", "en"], "results")
    assert "Refers to" in told
    every = every_text(views["v3.1.1_gp_temperature_extensive", "en"])
    assert every.count("Additinal method 1") >= 2


def test_the_origin_names_the_certificate(views):
    view = views["v2.4.0_siliziumkugel", "en"]
    assert view.origin == "Made from the DCC PTB - 11129 18 by Jialiang; the XML is the document."
    assert views["v2.4.0_siliziumkugel", "zh"].origin.endswith("以 XML 文件为准。")
    assert (view.number, view.version, view.title) == ("PTB - 11129 18", "2.4.0", "Calibration certificate")
    assert view.laboratory.text == "Physikalisch-Technische Bundesanstalt (PTB)"
    assert view.languages == ("de", "en")


def test_no_unit_of_a_sample_is_shown_with_a_backslash(views):
    for view in views.values():
        for table in tables(view):
            assert not [each.unit for each in table.columns if "\\" in each.unit]
            assert not [line for row in table.rows for cell in row for line in cell.lines if "\\" in line]


def test_si_is_the_namespace_the_paths_above_look_in():
    assert NS["si"] == SI
