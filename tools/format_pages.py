"""Reference pages of formats, from their tables: the document of a certificate, and the RDF of one."""

import json
from pathlib import Path

FORMATS = Path(__file__).resolve().parent.parent / "src" / "jialiang" / "formats"
KINDS = {
    "words": "words", "line": "text", "flag": "true, false", "decimal": "decimal", "date": "date", "key": "key",
    "refType": "refType", "unit": "D-SI unit", "base64": "Base64", "lines": "texts", "texts": "texts",
    "decimals": "decimals", "const": "constant",
}  # fmt: skip
DOCUMENT_HEAD = """# Document of a certificate

What `jialiang dcc new` takes ([how](../howto/make-a-certificate-file.md)): one JSON object. `jialiang dcc new
--example json` writes a filled one, `--schema` the JSON Schema. Members that are not listed here are refused.
A **bold** member is mandatory; a template may give it. Nothing is guessed.

## Kinds of members
| kind | how it is written |
|---|---|
| words | a text (of no language), or texts by language: `{"zh": "…", "en": "…"}`, then in all declared languages |
| text, texts | a text; one or a list. Numbers of JSON are taken by their letters |
| decimal, decimals | a decimal text or a number of JSON, kept letter by letter; one or a list |
| D-SI unit | `\\\\degreecelsius`, `\\\\milli\\\\gram`, `\\\\metre\\\\per\\\\second`, `\\\\one` |
| date | `2026-03-04` |
| key | a name by which columns refer to methods, equipment and conditions |
| refType | words `prefix_name`, such as `basic_measuredValue` |
| code, codes | one of the codes named; codes: one or a list |

`0.0500` stays `0.0500`. In a list of decimals `null` or `""` is a point without a value and becomes `NaN`.

The first of `languages` is the mandatory one. An uncertainty, k, p or conformity of one entry holds for all rows. What
no column names by `methods` and `equipment` belongs to the table as a whole. A temperature in degrees Celsius is also
written in kelvin, exactly; a difference of temperatures (refTypes of errors, corrections, deviations, limits …) is
written in kelvin alone, for 0.05 °C of difference is 0.05 K.

## Template
A template is a JSON object: `format` (`jialiang.dcc-template/1`), `name`, `title`, `document` (members for the whole
document), `result` (members for every result) and `columns` (members for a column, by the name that `column` of a
column gives). What the document has is never changed. Names come in the document's languages where the template has
them all. Templates of the house: TEMPLATES.
"""
RDF_HEAD = """# RDF of certificates

`jialiang dcc convert --to ttl` and `--to jsonld` say everything that a certificate of any version says, offline; the
context of JSON-LD stands in the file. Files inside a certificate and its signatures are left out.

## Names
A certificate is `urn:jialiang:certificate:ISSUER:NUMBER`: the laboratory code, else the name of the laboratory, and
the unique identifier, percent-encoded; without a number `urn:jialiang:certificate:sha256:DIGEST` of its canonical
XML. A part of it is `#id` by its XML id, else `#/path/to.2/element`; the values of a quantity are
`…/value-WRITING-ROW`. There are no blank nodes.

## Numbers
A number is `xsd:decimal`, or `xsd:double` if it has an exponent, with the letters of the file (`20.100`). As stores may
rewrite typed literals, the value stands in `jl:exactText` as well.

## A question
All expanded uncertainties of an instrument, by its serial number:
```sparql
SELECT ?name ?value ?unit ?U ?k WHERE {
  ?item a sosa:FeatureOfInterest ; jl:identification/schema:value "DT-0042" .
  ?quantity sosa:hasFeatureOfInterest ?item ; schema:name ?name ; sosa:hasResult ?result .
  ?result qudt:numericValue ?value ; jl:unit ?unit ; jl:expandedUncertainty ?U ; jl:coverageFactor ?k .
}
```

## Vocabularies
"""


def dcc_document_page() -> str:
    """One heading per object of the document, with a row a member."""
    folder = FORMATS / "making"
    tables = json.loads((folder / "fields.json").read_text(encoding="utf-8"))
    names = []
    for file in sorted((folder / "templates").glob("*.json")):
        template = json.loads(file.read_text(encoding="utf-8"))
        columns = ", ".join(f"`{name}`" for name in template["columns"]) or "none"
        names.append(f"`{template['name']}` ({template['title']['en']}; columns {columns})")
    lines = [DOCUMENT_HEAD.replace("TEMPLATES", "; ".join(names)).replace("\\\\", "\\")]
    for name, members in tables.items():
        lines += [f"## {name}", "", "| member | kind | meaning |", "|---|---|---|"]
        lines += [_member_row(member, said) for member, said in members.items()]
        lines.append("")
    return "\n".join(lines)


def _member_row(name: str, said: dict) -> str:
    shown = f"**`{name}`**" if said.get("required") else f"`{name}`"
    meaning = f"{said['en']} / {said['zh']}"
    if said["is"] in ("object", "list"):
        kind = f"[{said['of']}](#{said['of'].lower()})"
        kind = f"list of {kind}" if said["is"] == "list" else kind
    elif said["is"] in ("code", "codes"):
        named = said["codes"]
        codes = {"languages": "ISO 639-1", "countries": "ISO 3166-1"}.get(named) or ", ".join(named.split())
        kind = f"{said['is']}: {codes}"
    else:
        kind = KINDS[said["is"]] + (f" `{said['const']}`" if "const" in said else "")
    return f"| {shown} | {kind} | {meaning} |"


def rdf_page() -> str:
    """The prefixes, the classes and properties of our own, and which known terms say what."""
    from jialiang.formats.conversion.rdf.describing import mapping
    from jialiang.formats.conversion.rdf.terms import PREFIXES

    own = json.loads((FORMATS / "conversion" / "rdf" / "vocabulary.json").read_text(encoding="utf-8"))
    lines = [RDF_HEAD.rstrip(), "| prefix | namespace |", "|---|---|"]
    lines += [f"| `{prefix}` | `{namespace}` |" for prefix, namespace in PREFIXES.items()]
    for group, heading in (("classes", "Classes of our own"), ("properties", "Properties of our own")):
        lines += ["", f"## {heading}", "", "| term | meaning |", "|---|---|"]
        lines += [f"| `jl:{name}` | {said['en']} {said['zh']} |" for name, said in own[group].items()]
    lines += ["", "## What is said of which part", "", "| part | types | properties |", "|---|---|---|"]
    for kind, table in mapping().items():
        types = ", ".join(f"`{each}`" for each in table["types"])
        said = [each for group in ("words", "plain", "days", "flags") for each in table.get(group, {}).values()]
        said += [predicate for predicate, _ in table.get("parts", {}).values()]
        lines.append(f"| {kind} | {types} | {', '.join(f'`{each}`' for each in dict.fromkeys(said))} |")
    lines.append("| quantity | `jl:Quantity`, of results `sosa:Observation` | `sosa:hasFeatureOfInterest`, "
                 "`sosa:usedProcedure`, `jl:usedEquipment`, `jl:condition`, `sosa:hasResult` |")  # fmt: skip
    lines.append("| value | `qudt:QuantityValue`, `sosa:Result` | `qudt:numericValue`, `jl:exactText`, `jl:unit`, "
                 "`jl:ucum`, `qudt:hasUnit`, `jl:siUnit`, uncertainty, `jl:row`, `jl:writing` |")  # fmt: skip
    return "\n".join([*lines, ""])


PAGES = {"dcc-document.md": dcc_document_page, "rdf.md": rdf_page}
