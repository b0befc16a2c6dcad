"""Compressed links as another implementation of GS1 Digital Link compression wrote them, letter for letter."""

from __future__ import annotations

import pytest

from jialiang.formats.codes.compression import compress, decompress, is_compressed
from jialiang.formats.codes.digital_link import parse_digital_link

STEM = "https://id.example.org"

ALIKE = [  # the link, with names of sequences, without them
    ("/8010/95104978372A42C6B", "/gBBRlRBJeDcqQsaw", "/gBBRlRBJeDcqQsaw"),
    ("/255/9568426846561", "/JViz0q7pYQA", "/JViz0q7pYQA"),
    ("/414/9566578720098", "/QUizZIa9Yg", "/QUizZIa9Yg"),
    ("/401/9557249C-i5d", "/QBbPeee9uPQvouXQ", "/QBbPeee9uPQvouXQ"),
    ("/8004/95799076F7Ha-NgMd5X", "/gARz95799076F7Ha-NgMd5X", "/gARz95799076F7Ha-NgMd5X"),
    ("/01/09440268599525?11=260616&3103=666617", "/LREr97aBy0V_Iif0EA", "/AREr97aByiJ_QQYgdFfy"),
    ("/01/09718002390425?3103=489364", "/LRGtTCkrMu7yg", "/ARGtTCkrMmIG7vKA"),
    ("/01/09955459045441/22/DfP", "/ChIb3zMwgsYb54", "/ARIb3zMwgkTGG-e"),
    ("/01/09073750431036/21/827940199530", "/DBCBS1eqeBmBiim41A", "/ARCBS1eqeEIZgYopuNQ"),
    ("/01/09995822542825/10/VJCgWD3?11=260616", "/CxIuqudf0s6pIUCwe4if0EA", "/ARIuqudf0iDOqSFAsHuIn9BA"),
    ("/01/09455853043529/22/gTi/21/412?3103=044319", "/LREzOYX-khWj5CBs4RMcCcQ",
     "/AREzOYX-kkIGzhExwJxGIGFaPg"),
    ("/01/09159010928154/10/C48BBF33FEFF9243A8F5?15=271231", "/HxCo_y-MNKmJF35n_f8kh1HqhG_g",
     "/ARCo_y-MNCCpiRd-Z_3_JIdR6iqEb-"),
    ("/01/09878017598985/22/91208e7d684c17c/10/e5e2", "/ChH3z3XMEl8iQRz60JgvggScvE",
     "/ARH3z3XMEiBJy8REXyJBHPrQmC-A"),
]  # fmt: skip

OTHERWISE = [  # right, but written here in another way: sequences in two orders, numbers that begin with zero
    ("/414/9590996030828/254/39536B3216FDAEEB97", "/nVI5U2syFv2u65eLkT6VVs"),
    ("/414/9588853933634/254/_BBTgSN93Ye_", "/nWz8EFOBI33dh7-LiUO4ZC"),
    ("/414/9553265020142/254/684", "/nQOrIsEr3zO4"),
    ("/01/09505877065899/22/3114/10/4D8C4FA28/21/2802827283E0AD?17=240310",
     "/GhFKhNoBVpKbGJ9FB1VsnFAFBOUHwVpECGFQ"),
    ("/01/09689176926492/10/U_YUYbj03a6WA.h/21/3e761c?17=250619", "/GhGf3-XSOR9W_Zq2cWpgzwtq8FdoPS-yY-dhw"),
    ("/01/09324966850273/22/0/10/d5173e059f/21/E3248?15=271231", "/HxD2RqxdwlWqLnwLPoRv5Ci8ZJBEAg"),
    ("/01/09805377356733/22/0165/10/%28%21eDiCj%2Bgf-c6", "/ChHV_BGHeggFKIRqhDliaYepXnzLcbY"),
]  # fmt: skip


@pytest.mark.parametrize(("link", "named", "plain"), ALIKE)
def test_both_write_the_same_letters(link: str, named: str, plain: str) -> None:
    whole = parse_digital_link(STEM + link)
    assert compress(whole) == STEM + named
    assert compress(whole, short_names=False) == STEM + plain


@pytest.mark.parametrize(
    ("link", "form"),
    [*((link, form) for link, *forms in ALIKE for form in dict.fromkeys(forms)), *OTHERWISE],
)
def test_what_the_other_one_wrote_is_read(link: str, form: str) -> None:
    assert is_compressed(STEM + form)
    found, meant = decompress(STEM + form), parse_digital_link(STEM + link)
    assert (found.key, found.path, found.elements) == (meant.key, meant.path, meant.elements)


@pytest.mark.parametrize(("link", "form"), OTHERWISE)
def test_what_is_written_here_in_another_way_means_the_same(link: str, form: str) -> None:
    ours = compress(parse_digital_link(STEM + link))
    assert ours != STEM + form
    assert decompress(ours).elements == decompress(STEM + form).elements


@pytest.mark.parametrize(
    "link",
    [
        "/00/395260181590830165",  # eighteen digits are more than a double can hold
        "/402/95068831067924707",
        "/8006/093645074952800102",
        "/01/09979237609267/22/26002675112532870465",
        "/253/959118625276101W",  # digits and letters in one value
        "/8003/095634786122180QeXedJ0NRFMX0FW",
        "/417/9534783372494",  # a key of later editions
        "/01/09374847771838/22/0471874633191284/21/Q_f%3F%3E%26DWA",  # every letter of the set of 82
    ],
)
@pytest.mark.parametrize("short_names", [True, False])
def test_where_the_other_one_errs_nothing_is_lost_here(link: str, short_names: bool) -> None:
    whole = parse_digital_link(STEM + link)
    assert decompress(compress(whole, short_names=short_names)).elements == whole.elements
