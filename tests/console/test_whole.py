"""The reader of pages itself: a whole page has no faults, and each fault that is planted is told."""

from __future__ import annotations

import pytest

from tests.console.whole import faults_of

WHOLE = """<!doctype html><html lang="zh-Hans"><head><title>记录</title></head><body><h1>记录</h1><h2>读数</h2>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x"><label for="a">示值</label>
<input id="a" name="a" aria-describedby="a-hint"><span id="a-hint">原样</span><button>保存</button></form>
<form method="get"><input type="search" name="q" aria-label="搜索"></form>
<table><tr><th scope="col">点</th></tr></table><a href="/instruments/">器具</a>
<img src="data:," alt=""></body></html>"""


def test_a_whole_page_has_no_faults() -> None:
    assert faults_of(WHOLE, "zh-hans") == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('lang="zh-Hans"', 'lang="en"', "the page says lang='en'"),
        ("<h1>记录</h1>", "", "0 headings of the first level"),
        ("<h2>读数</h2>", "<h3>读数</h3>", "headings leave a level out: [1, 3]"),
        ("<title>记录</title>", "<title> </title>", "no title"),
        ("<table>", '<table style="color:red">', "<table> has a style of its own"),
        ("<button>", '<button onclick="x()">', "<button> has a script of its own"),
        ('<span id="a-hint">', '<span id="a">', "the id 'a' stands 2 times"),
        ('<span id="a-hint">', "<span>", "'a-hint' describes something but is not there"),
        ('for="a"', 'for="b"', "no label for the control 'a'"),
        (' aria-label="搜索"', "", "no label for the control 'q'"),
        ("<button>保存</button>", "<button> </button>", "a button without a word"),
        ('name="csrfmiddlewaretoken"', 'name="other"', "the form None lacks its token"),
        ('<form method="post">', '<form action="/x">', "the form '/x' gives away its token"),
        (' scope="col"', "", "the head '点' has no scope"),
        ('<th scope="col">点</th>', "<td>点</td>", "a table without heads"),
        ('href="/instruments/"', 'href="https://evil.example/"', "a link leads to 'https://evil.example/'"),
        ('href="/instruments/"', 'href="//evil.example/"', "a link leads to '//evil.example/'"),
        (">器具</a>", "></a>", "a link to '/instruments/' says nothing"),
        (' alt=""', "", "a picture without words"),
        ("器具", "Register an instrument", "still in English: 'Register an instrument'"),
    ],
)
def test_a_planted_fault_is_told(good: str, bad: str, fault: str) -> None:
    assert good in WHOLE
    assert fault in faults_of(WHOLE.replace(good, bad, 1), "zh-hans")


def test_english_words_are_no_fault_of_an_english_page() -> None:
    page = WHOLE.replace('lang="zh-Hans"', 'lang="en"').replace("器具", "Register an instrument")
    assert faults_of(page, "en") == []
