"""The kinds of certificates of conformity (D-CoC, in all its notations) and of conformity credentials (UNTP)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded
from jialiang.formats.dcoc.conversion import NOTATIONS, convert
from jialiang.formats.dcoc.documents import read_dcoc
from jialiang.formats.dcoc.json_form import SCHEMA
from jialiang.formats.dcoc.model import text_in
from jialiang.formats.dcoc.rdf_writing import RDF
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.dcoc.shapes import namespaces
from jialiang.formats.dcoc.xml_form import ROOT
from jialiang.formats.documents.kind import Facts, Kind
from jialiang.formats.documents.parts import Part
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import LANGUAGES, Text, storable

_CONTEXTS = ("https://www.w3.org/ns/credentials/", "https://www.w3.org/2018/credentials/")
_ENVELOPE = "data:application/vc+jwt,"
_TOKEN = re.compile(rb"\s*ey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*")
_VOCABULARY = re.compile(r"/untp/dcc/([^/]{1,20})(?:/|$)")
_LD_MEMBERS = {"@context", "@graph", "@type"}
_LONGEST = 200
AS_CREDENTIAL = "credential"
"""The notation in which a certificate of conformity becomes a credential; the wish names the issuer."""


def states_conformity(part: Part) -> bool:
    """Tell whether a file is a certificate of conformity in JSON or a credential; what cannot be read is neither."""
    try:
        return _is_credential(part) or (part.is_json and _is_dcoc(part))
    except JialiangError:
        return False


# --- credentials ---------------------------------------------------------------------------------------------------


def _is_credential(part: Part) -> bool:
    if not part.is_json:
        return _TOKEN.fullmatch(part.data) is not None
    return isinstance(part.json, dict) and _is_claimed(part.json)


def _is_claimed(document: dict[str, Any]) -> bool:
    contexts = document.get("@context")
    named = [each for each in contexts if isinstance(each, str)] if isinstance(contexts, list) else [contexts]
    return (
        "credentialSubject" in document
        or str(document.get("id", "")).startswith(_ENVELOPE)
        or any(str(each).startswith(_CONTEXTS) for each in named)
    )


def _check_credential(part: Part, today: date | None) -> list[DocumentFinding]:
    """Check a credential; what is said about the moment of the check has to hold from first to last on ``today``."""
    # Here and not above: what reads tokens takes longer to load than to check a certificate.
    from jialiang.formats.credential.documents import read_credential
    from jialiang.formats.credential.rules.checking import check_credential

    reading = part.once(read_credential)
    if today is None:
        return list(check_credential(reading))
    first, last = (
        check_credential(reading, datetime.combine(today, moment, UTC)) for moment in (time.min, time.max)
    )
    return [each for each in first if each in last]


def _facts_of_credential(part: Part) -> Facts:
    from jialiang.formats.credential.documents import read_credential

    document = part.once(read_credential).document
    contexts = document.get("@context")
    stated = (
        " ".join(each for each in contexts if isinstance(each, str)) if isinstance(contexts, list) else ""
    )
    version = _VOCABULARY.search(stated)
    issuer = document.get("issuer")
    name = _word(issuer.get("name")) if isinstance(issuer, dict) else _word(issuer)
    return Facts(version[1] if version else "", _word(document.get("id")), Text(name, name))


def _word(value: Any) -> str:
    return storable(value, _LONGEST) if isinstance(value, str) else ""


# --- certificates of conformity ------------------------------------------------------------------------------------


def _is_dcoc(part: Part) -> bool:
    """Tell by the schema or the root; RDF of any sort is asked for the certificate in it when it is read."""
    if not part.is_json:
        return part.tree.getroot().tag in (ROOT, f"{{{RDF}}}RDF")
    if isinstance(part.json, list):
        return any(isinstance(each, dict) and bool(_LD_MEMBERS & each.keys()) for each in part.json)
    return part.json.get("schema") == SCHEMA or bool(_LD_MEMBERS & part.json.keys())


def _check_dcoc(part: Part, today: date | None) -> list[DocumentFinding]:
    return list(check_dcoc(part.once(read_dcoc), today))


def _facts_of_dcoc(part: Part) -> Facts:
    reading = part.once(read_dcoc)
    certificate = reading.certificate
    body = Text(*(text_in(certificate.body.name, language) for language in LANGUAGES))
    return Facts(_version(part, reading.notation), certificate.number, body)


def _version(part: Part, notation: str) -> str:
    """Return the version that a document states of its form: an attribute, or the end of a name."""
    if notation == "xml":
        return part.tree.getroot().get("schemaVersion", "")
    name = SCHEMA if notation == "json" else namespaces()["dcoc"]
    return name.rstrip("#").rpartition("/")[2]


def _convert_dcoc(part: Part, notation: str, wish: Wish) -> Encoded:
    """Write a certificate of conformity in a notation, or the credential that it bears out, unsigned."""
    if notation != AS_CREDENTIAL:
        return convert(part.data, notation, wish)
    from jialiang.formats.credential.codec import plain_credential
    from jialiang.formats.credential.documents import write_json
    from jialiang.formats.credential.making import CredentialWish, credential_from_dcoc

    named = CredentialWish(issuer=wish.issuer, language=wish.language, document=part.data)
    return Encoded(write_json(plain_credential(credential_from_dcoc(part.once(read_dcoc).certificate, named))))


CERTIFICATE_OF_CONFORMITY = Kind(
    "dcoc", Text("数字合格证书 D-CoC", "digital certificate of conformity (D-CoC)"),
    _is_dcoc, _check_dcoc, _facts_of_dcoc, frozenset({"convert"}),
    notations=lambda: (*NOTATIONS, AS_CREDENTIAL), convert=_convert_dcoc,
)  # fmt: skip
CREDENTIAL = Kind(
    "credential", Text("符合性可验证凭证（UNTP）", "conformity credential (UNTP)"),
    _is_credential, _check_credential, _facts_of_credential,
)  # fmt: skip
