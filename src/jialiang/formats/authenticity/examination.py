"""What the bytes of a file say by themselves, before any register is asked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from lxml import etree

from jialiang.formats.authenticity.attestations import claim_of_dcoc, examined_token, is_dcoc, is_token
from jialiang.formats.authenticity.errors import (
    NoCertificateInPdf,
    NotReadable,
    PdfNotSupported,
    SeveralCertificatesInPdf,
)
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.errors import NotACertificate, UnsupportedVersion
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.versions import known_versions
from jialiang.formats.dcc.view import CertificateView
from jialiang.formats.xades.findings import SignatureFindings
from jialiang.formats.xades.names import ds
from jialiang.formats.xades.structure import elements_of
from jialiang.formats.xades.verification import TrustAnchors, verify_tree
from jialiang.formats.xml.canonicalization import canonical_document, serialized, without_elements
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, XmlLimits, parse_xml
from jialiang.kernel.errors import JialiangError

_IDENTIFIER = re.compile(rb"jl_identifier[\"'].{0,200}?value>([^<]{1,400}+)<", re.DOTALL)
_NUMBER = re.compile(rb"uniqueIdentifier>([^<]{1,400}+)<")
_ROOTS = (b"digitalCalibrationCertificate", b"digitalCertificateOfConformity")
_MOST_MARKS = 100  # places at which a broken file is asked who it was; more are nothing that we wrote
_LONGEST_SAID = 200
_PDF_MARK_WITHIN = 1024


class Attachment(Protocol):
    """A file inside a PDF, as ``formats.pdf.reading`` gives it."""

    @property
    def name(self) -> str:
        """The name of the file."""
        ...

    @property
    def data(self) -> bytes:
        """Its bytes."""
        ...


AttachmentsOfPdf = Callable[[bytes], Sequence[Attachment]]
"""Takes the embedded files out of a PDF; raises a JialiangError if it cannot be read."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a file.

    ``problem`` is why the XML cannot be read as a whole; then only ``identifier`` or ``number`` were found.
    ``states`` tells of which sort the document is; of certificates of conformity and credentials only signature,
    number, identifier and check code are read here. ``content_digest`` is the SHA-256 of the canonical content
    without the signature. ``rewritten`` tells that the bytes are not as this house writes the same content. ``xml``
    are the bytes of the certificate (of a PDF: the embedded ones); ``view`` is read from what was signed if the
    signature holds, else from what is there.
    """

    kind: Literal["xml", "pdf", "token"]
    sha256: str
    identifier: str = ""
    number: str = ""
    problem: JialiangError | None = None
    findings: SignatureFindings | None = None
    view: CertificateView | None = None
    content_digest: str = ""
    rewritten: bool = False
    xml: bytes = field(default=b"", repr=False)
    check_code: str = ""
    states: Literal["dcc", "dcoc", "credential"] = "dcc"

    @property
    def is_readable(self) -> bool:
        """Whether more than an identifier could be read."""
        return self.findings is not None

    @property
    def is_of_other_version(self) -> bool:
        """Whether only its version keeps its content from being read; nothing is wrong with the file in that."""
        return self.is_readable and isinstance(self.problem, UnsupportedVersion)


def examine(
    data: bytes,
    *,
    trusted: TrustAnchors,
    at: datetime | None,
    attachments_of_pdf: AttachmentsOfPdf | None = None,
    limits: XmlLimits = DEFAULT_LIMITS,
) -> Examination:
    """Examine an XML or PDF certificate at the moment ``at`` (aware).

    So are a certificate of conformity (D-CoC) in XML, or in a PDF that carries its XML, and a credential in a token.

    Raises NotReadable, NotACertificate, UnsupportedVersion (signed, of no known version), NoCertificateInPdf,
    SeveralCertificatesInPdf and PdfNotSupported where nothing can be said; whatever else is wrong with the bytes
    is part of the answer.
    """
    if is_token(data):
        return _examined_token(data, trusted, at)
    if not _is_pdf(data):
        return _examined_xml(data, trusted, at, limits)
    if attachments_of_pdf is None:
        raise PdfNotSupported()
    try:
        xml = _only_certificate(attachments_of_pdf(data))
    except (NoCertificateInPdf, SeveralCertificatesInPdf):
        raise
    except JialiangError as problem:
        return _only_identified("pdf", data, data, problem)
    inside = _examined_xml(xml, trusted, at, limits)
    return Examination(
        kind="pdf", sha256=sha256_hex(data), identifier=inside.identifier, number=inside.number,
        problem=inside.problem, findings=inside.findings, view=inside.view,
        content_digest=inside.content_digest, rewritten=inside.rewritten, xml=xml,
        check_code=inside.check_code, states=inside.states,
    )  # fmt: skip


def _is_pdf(data: bytes) -> bool:
    """Tell a PDF by its mark, behind other letters too; what begins as XML is XML whatever it says."""
    begins_as_xml = data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<")
    return b"%PDF-" in data[:_PDF_MARK_WITHIN] and not begins_as_xml


def content_digest_of(xml: bytes) -> str:
    """Return the SHA-256 of the canonical content of a certificate without its signatures."""
    return sha256_hex(_unsigned(parse_xml(xml)))


def _examined_xml(data: bytes, trusted: TrustAnchors, at: datetime | None, limits: XmlLimits) -> Examination:
    try:
        tree = parse_xml(data, limits)
    except JialiangError as problem:
        return _only_identified("xml", data, data, problem)
    findings = verify_tree(tree, trusted, at)
    if is_dcoc(tree):
        return _examined_dcoc(tree, data, findings)
    content = b""
    try:
        content = findings.signed_content or _unsigned(tree)
        view = read_certificate(content, limits)
    except JialiangError as problem:
        return _identified_without_view(data, findings, content, problem)
    return Examination(
        kind="xml", sha256=sha256_hex(data), identifier=view.identifier, number=view.number, findings=findings,
        view=view, content_digest=sha256_hex(content), xml=data, check_code=view.check_code,
        rewritten=bool(view.identifier) and _is_rewritten(tree, data),
    )  # fmt: skip


def _examined_dcoc(tree: etree._ElementTree, data: bytes, findings: SignatureFindings) -> Examination:
    claim = claim_of_dcoc(tree)
    return Examination(
        kind="xml", sha256=sha256_hex(data), identifier=claim.identifier, number=claim.number, findings=findings,
        content_digest=sha256_hex(findings.signed_content or _unsigned(tree)), xml=data,
        rewritten=bool(claim.identifier) and _is_rewritten(tree, data),
        check_code=claim.check_code, states="dcoc",
    )  # fmt: skip


def _examined_token(data: bytes, trusted: TrustAnchors, at: datetime | None) -> Examination:
    found = examined_token(data, trusted, at)
    return Examination(
        kind="token", sha256=found.sha256, identifier=found.claim.identifier, number=found.claim.number,
        findings=found.findings, content_digest=found.content_digest,
        check_code=found.claim.check_code, states="credential",
    )  # fmt: skip


def _is_rewritten(tree: etree._ElementTree, data: bytes) -> bool:
    """Tell whether bytes of this house's content are not as this house writes it.

    Base64 and the places between the members of a signature are covered by no digest; there are no blanks in a
    signature of ours, so any blank shows.
    """
    blanks = any(c.isspace() for s in tree.iter(ds("Signature")) for t in s.itertext() for c in str(t))
    return blanks or serialized(tree) != data


def _unsigned(tree: etree._ElementTree) -> bytes:
    signatures = [child for child in elements_of(tree.getroot()) if child.tag == ds("Signature")]
    return canonical_document(without_elements(tree, signatures))


def _identified_without_view(
    data: bytes, findings: SignatureFindings, content: bytes, problem: JialiangError
) -> Examination:
    if findings.integrity.outcome == "ok" and not _is_of_known_version(problem):
        # Nobody altered it; it is only nothing that can be read here.
        raise problem
    identifier, number = _identified(data)
    if not (identifier or number):
        is_told = isinstance(problem, (NotACertificate, UnsupportedVersion))
        raise (problem if is_told else NotReadable(reason=problem.what)) from problem
    return Examination(
        kind="xml", sha256=sha256_hex(data), identifier=identifier, number=number, problem=problem,
        findings=findings, content_digest=sha256_hex(content), xml=data,
    )  # fmt: skip


def _is_of_known_version(problem: JialiangError) -> bool:
    return isinstance(problem, UnsupportedVersion) and problem.facts["version"] in known_versions()


def _only_identified(
    kind: Literal["xml", "pdf"], data: bytes, searched: bytes, problem: JialiangError
) -> Examination:
    identifier, number = _identified(searched)
    if not (identifier or number):
        raise NotReadable(reason=problem.what) from problem
    return Examination(kind, sha256_hex(data), identifier, number, problem)


def _identified(data: bytes) -> tuple[str, str]:
    # UTF-16 keeps ASCII with a zero byte beside each letter.
    plain = data.replace(b"\0", b"")
    identifiers = (
        i for i in _said(_IDENTIFIER, b"jl_identifier", plain) if len(i) > 2 and len(i.split()) == 1
    )
    return next(identifiers, ""), next(_said(_NUMBER, b"uniqueIdentifier", plain), "")


def _said(pattern: re.Pattern[bytes], mark: bytes, data: bytes) -> Iterator[str]:
    """Yield what ``pattern`` finds at the first places of ``mark``, at most 200 printable letters each."""
    at = data.find(mark)
    for _ in range(_MOST_MARKS):
        if at < 0:
            return
        match = pattern.match(data, at)
        text = match.group(1).decode("utf-8", errors="replace").strip() if match else ""
        if 0 < len(text) <= _LONGEST_SAID:
            yield "".join(c if c.isprintable() else "\ufffd" for c in text)
        at = data.find(mark, at + len(mark))


def _only_certificate(attachments: Sequence[Attachment]) -> bytes:
    found = [a.data for a in attachments if any(root in a.data.replace(b"\0", b"") for root in _ROOTS)]
    if not found:
        raise NoCertificateInPdf()
    if len(found) > 1:
        raise SeveralCertificatesInPdf(count=len(found))
    return found[0]
