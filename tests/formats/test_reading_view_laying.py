"""Wide tables in pieces, and numbers in line on their decimal points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.reading_pieces import said

from jialiang.formats.reading_view.alignment import trailing
from jialiang.formats.reading_view.blocks import Column, Table
from jialiang.formats.reading_view.splitting import split, width_of


def table_of(columns, rows=2, keys=1, text="1.5"):
    """A table of numbers with columns called by the given names."""
    heads = tuple(Column(said(name), "number") for name in columns)
    return Table(
        heads, tuple(tuple(said(f"{text}{at}") for at in range(len(heads))) for _ in range(rows)), keys
    )


def names(table):
    return [each.name.text for each in table.columns]


def test_a_table_that_fits_is_left_alone():
    table = table_of("kab")
    assert split(table, 10) == (table,)


def test_keys_stand_in_every_piece():
    pieces = split(table_of(["k", "l", *"abcdef"], keys=2), 3)
    assert all(names(piece)[:2] == ["k", "l"] for piece in pieces)
    assert [name for piece in pieces for name in names(piece)[2:]] == list("abcdef")
    assert all(piece.keys == 2 for piece in pieces)
    assert len(pieces) > 1


def test_columns_of_one_quantity_stay_together():
    pieces = split(table_of(["k", "a", "b", "b", "c", "c"]), 2.6)
    assert [names(piece)[1:] for piece in pieces] == [["a", "b", "b"], ["c", "c"]]


def test_one_quantity_wider_than_a_page_is_cut_too():
    pieces = split(table_of(["k", *"bbbbbbbb"]), 2.6)
    assert len(pieces) > 1
    assert sum(len(piece.columns) - 1 for piece in pieces) == 8


def test_a_table_of_keys_alone_is_not_cut():
    table = table_of("abcdefgh", keys=8)
    assert split(table, 1) == (table,)


@given(
    columns=st.lists(st.sampled_from(["a", "b", "a long name of a column", "容量"]), min_size=1, max_size=20),
    keys=st.integers(1, 3),
    most=st.floats(0.5, 12),
)
def test_cutting_loses_and_repeats_nothing_but_keys(columns, keys, most):
    table = table_of(["k"] * keys + [f"{name} {at}" for at, name in enumerate(columns)], keys=keys)
    pieces = split(table, most)
    assert [each for piece in pieces for each in piece.columns[keys:]] == list(table.columns[keys:])
    for piece in pieces:
        assert piece.columns[:keys] == table.columns[:keys]
        assert len(piece.columns) > keys
        assert len(piece.rows) == len(table.rows)
        assert all(len(row) == len(piece.columns) for row in piece.rows)
        wide = sum(width_of(piece, at) for at in range(len(piece.columns)))
        assert wide <= most + 1e-9 or len(piece.columns) == keys + 1


@pytest.mark.parametrize(
    ("text", "name", "low", "high"),
    [
        ("1", "a", 0.6, 0.6),
        ("1.23456789", "a", 1.1, 1.2),
        ("1", "Messabweichung", 1.5, 1.8),
        ("1", "a b c d e f g h i j", 0.6, 0.6),
        ("x" * 500, "a", 3.5, 3.5),
        ("容量容量容", "a", 1.1, 1.2),
    ],
)
def test_columns_are_as_wide_as_what_stands_in_them(text, name, low, high):
    table = Table((Column(said(name), "number"),), ((said(text),),))
    assert low <= width_of(table, 0) <= high


def test_what_stands_unseen_behind_a_number_takes_room():
    rows = tuple((said(text),) for text in ("6913885", "0.00001"))
    assert width_of(Table((Column(said("a"), "number"),), rows), 0) == pytest.approx(13 / 9)
    assert width_of(Table((Column(said("a"), "word"),), rows), 0) == pytest.approx(7 / 9)


def test_a_mark_of_language_takes_room():
    plain = Table((Column(said("a")),), ((said("some words"),),))
    marked = Table((Column(said("a")),), ((said("some words", language="de"),),))
    assert width_of(marked, 0) > width_of(plain, 0)


def tails(*texts, kind="number"):
    table = Table(
        (Column(said("a"), kind),), tuple((said(*t) if isinstance(t, tuple) else said(t),) for t in texts)
    )
    return [row[0] for row in trailing(table)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1.25", "5", "0.5"], ["", ".00", "0"]),
        (["1", "22", "333"], ["", "", ""]),
        (["-1.5", "+2.75", "−3.125"], ["00", "0", ""]),
        (["1.", "2.5"], ["0", ""]),
        (["1e3", "2.5"], ["", ""]),
        (["", "2.5"], [".0", ""]),
        (["5 m", "2.5"], ["", ""]),
        (["NaN", "2.55"], ["", ""]),
        ([("1", "2"), "2.5"], ["", ""]),
    ],
)
def test_points_stand_in_line(texts, expected):
    assert tails(*texts) == expected


def test_words_need_no_line():
    assert tails("1.25", "5", kind="word") == ["", ""]


@given(st.lists(st.decimals(min_value=-1000, max_value=1000, places=3) | st.integers(-99, 99), min_size=1))
def test_all_numbers_are_as_long_behind_the_point(numbers):
    texts = [str(number) for number in numbers]
    lengths = set()
    for text, tail in zip(texts, tails(*texts), strict=True):
        if "E" not in text:
            lengths.add(len((text + tail).partition(".")[2]))
    assert len(lengths) <= 1


def test_nothing_stands_behind_the_numbers_of_an_empty_table():
    assert trailing(Table((Column(said("a"), "number"),), ())) == []
