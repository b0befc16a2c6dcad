"""OFD containers made by hand: parts as text, zipped by the standard library, never by the code under test."""

import io
import zipfile

NS = "http://www.ofdspec.org/2016"
BOUND = f'xmlns:ofd="{NS}"'

ENTRANCE = (
    f'<ofd:OFD {BOUND} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
    "<ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID><ofd:CreationDate>2026-01-02</ofd:CreationDate>"
    "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)
DOCUMENT = (
    f"<ofd:Document {BOUND}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea>"
    "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
    '<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" '
    'BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages><ofd:Attachments>Attachments.xml</ofd:Attachments></ofd:Document>'
)
FONTS = (
    f'<ofd:Res {BOUND} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="A"><ofd:FontFile>a.ttf</ofd:FontFile>'
    "</ofd:Font></ofd:Fonts></ofd:Res>"
)
MEDIA = (
    f'<ofd:Res {BOUND} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image" Format="PNG">'
    "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
)
PAGE = (
    f'<ofd:Page {BOUND}><ofd:Content><ofd:Layer ID="4"><ofd:TextObject ID="5" Boundary="10 20 50 6" Font="2" Size="4">'
    '<ofd:TextCode X="0" Y="4" DeltaX="4 4">测量值</ofd:TextCode></ofd:TextObject>'
    '<ofd:PathObject ID="6" Boundary="10 30 100 1" LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L 100 0'
    "</ofd:AbbreviatedData></ofd:PathObject>"
    '<ofd:ImageObject ID="7" Boundary="10 40 20 10" CTM="20 0 0 10 0 0" ResourceID="3"/>'
    "</ofd:Layer></ofd:Content></ofd:Page>"
)
ATTACHMENTS = (
    f'<ofd:Attachments {BOUND}><ofd:Attachment ID="8" Name="data.xml" Format="xml" Size="1.5">'
    "<ofd:FileLoc>Attachs/data.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
)
PAGE_PART = "Doc_0/Pages/Page_0/Content.xml"


def parts():
    """The parts of a small OFD with a font, a picture and an attachment of 1536 bytes."""
    return {
        "OFD.xml": ENTRANCE,
        "Doc_0/Document.xml": DOCUMENT,
        "Doc_0/PublicRes.xml": FONTS,
        "Doc_0/DocumentRes.xml": MEDIA,
        "Doc_0/Res/a.ttf": "font",
        "Doc_0/Res/a.png": "picture",
        PAGE_PART: PAGE,
        "Doc_0/Attachments.xml": ATTACHMENTS,
        "Doc_0/Attachs/data.xml": "x" * 1536,
    }


def zipped(named, method=zipfile.ZIP_DEFLATED):
    """A ZIP file of parts, a mapping or pairs; texts become UTF-8."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in named.items() if isinstance(named, dict) else named:
            archive.writestr(name, part.encode() if isinstance(part, str) else part)
    return out.getvalue()


def encoded(named):
    """The parts as bytes, as a reader has them."""
    return {name: part.encode() if isinstance(part, str) else part for name, part in named.items()}


def changed(part, old, new):
    """The parts with one text of one part changed; the text must be there."""
    named = parts()
    assert old in named[part], f"{old} is not in {part}"
    return named | {part: named[part].replace(old, new)}


def without(*names):
    """The parts without some."""
    return {name: part for name, part in parts().items() if name not in names}


def page_of(inside, **around):
    """A page with this content in its layer."""
    area = around.get("area", "")
    return f'<ofd:Page {BOUND}>{area}<ofd:Content><ofd:Layer ID="4">{inside}</ofd:Layer></ofd:Content></ofd:Page>'
