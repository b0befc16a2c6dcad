"""The claim of a certificate that it keeps to the Chinese profile: made only where it does."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.dcc.chinese_profile.catalogue import profile_id
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.profile import DCC, KIND


def claim_where_kept(root: etree._Element) -> bool:
    """Write the claim into the ``jl_kind`` statement if the certificate has no error and no warning by the profile.

    Returns whether the claim stands. A certificate of another country, or one that lacks something, claims nothing.
    """
    tree = root.getroottree()
    declaration = root.find(
        f"{{{DCC}}}administrativeData/{{{DCC}}}statements/{{{DCC}}}statement[@refType='{KIND}']/{{{DCC}}}declaration"
    )
    found = check_profile(tree, asked=True)
    if declaration is None or any(finding.severity != "hint" for finding in found):
        return False
    reference = etree.Element(f"{{{DCC}}}reference")
    reference.text = profile_id()
    declaration.addprevious(reference)
    return True
