"""``python -m benchmarks.issuing RATE``: what the worker does to issue, so many times a second, until it is ended.

Writes the XML, signs it, typesets both PDFs with the XML inside, and publishes the answers.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from itertools import count

from tests.formats.pdf_content import NODE_MODULES, certificate_content
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import SIGNING_TIME, institute, issuing

from benchmarks.register import code, issue, number
from jialiang.assembly.serving import WORKER_NICENESS
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.pdf.rendering import PdfRenderer
from jialiang.formats.xades.signing import sign_enveloped

FIRST = 500_000  # above the serials of the register that is asked


def issue_whole(serial: int) -> None:
    """Issue one certificate."""
    xml = dcc_xml(dataclasses.replace(sample_content(), number=number(serial), check_code=code(serial)))
    signed = sign_enveloped(xml, institute(), [issuing().certificate], SIGNING_TIME)
    content = dataclasses.replace(certificate_content(), number=number(serial), check_code=code(serial))
    folders = find_font_folders(NODE_MODULES)
    for language in ("zh", "en"):
        PdfRenderer().render(
            content, language=language, xml=signed, xml_name=f"{number(serial)}.xml", font_folders=folders
        )
    issue(serial)


def main(rate: float) -> None:
    """Issue at ``rate`` a second; say at each how far it lags behind."""
    os.nice(WORKER_NICENESS)  # as the worker of an installation runs
    began = time.monotonic()
    for done in count():
        time.sleep(max(0.0, began + done / rate - time.monotonic()))
        issue_whole(FIRST + done)
        print(f"{done + 1} {time.monotonic() - began:.2f}", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
