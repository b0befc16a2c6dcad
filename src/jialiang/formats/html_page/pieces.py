"""The blocks of a reading view as HTML; every text is escaped here and nowhere else."""

from __future__ import annotations

import base64
from html import escape

from jialiang.formats.reading_view.alignment import trailing
from jialiang.formats.reading_view.blocks import (
    Block,
    Column,
    Fact,
    Facts,
    FormulaBlock,
    Group,
    Paragraph,
    Picture,
    Said,
    Table,
)

_DEEPEST_HEADING = 6
_WHOLE = 26  # letters of a date, a number or a code that stay on one line
_CHIP = '<span class="lg" translate="no">{}</span>'


def block_html(block: Block, level: int) -> str:
    """Return one block; headings in it begin at ``level``."""
    match block:
        case Group():
            return _group(block, level)
        case Facts():
            return f"<dl>{''.join(map(_fact, block.facts))}</dl>"
        case Table():
            return _table(block)
        case FormulaBlock():
            return _formula(block)
        case Picture():
            return _picture(block)
        case Paragraph():
            return f'<div class="{block.tone}"{_language(block.said)}>{_paragraphs(block.said)}</div>'


def text_html(said: Said) -> str:
    """Return a text with its lines, and the mark of its language if it is another than that of the page."""
    text = "<br>".join(escape(line) for line in said.lines)
    if not said.language:
        return text
    return f"<span{_language(said)}>{text}</span>{_chip(said)}"


def _language(said: Said) -> str:
    return f' lang="{escape(said.language)}" dir="auto"' if said.language else ""


def _chip(said: Said) -> str:
    return _CHIP.format(escape(said.language)) if said.language else ""


def _paragraphs(said: Said) -> str:
    last = len(said.lines) - 1
    return "".join(
        f"<p>{escape(line)}{_chip(said) if at == last else ''}</p>" for at, line in enumerate(said.lines)
    )


def _group(group: Group, level: int) -> str:
    about = f' <span class="ab">{escape(group.about)}</span>' if group.about else ""
    titled = bool(group.heading or about)
    inside = "".join(block_html(block, level + 1 if titled else level) for block in group.blocks)
    if not titled:
        return f'<div class="g">{inside}</div>'
    tag = f"h{min(level, _DEEPEST_HEADING)}"
    return f'<section class="g"><{tag}>{text_html(group.heading)}{about}</{tag}>{inside}</section>'


def _fact(fact: Fact) -> str:
    hint = f' <span class="ab">{escape(fact.hint)}</span>' if fact.hint else ""
    return f"<div><dt>{text_html(fact.label)}</dt><dd>{text_html(fact.said)}{hint}</dd></div>"


def _table(table: Table) -> str:
    heads = "".join(map(_head, table.columns))
    tails = trailing(table)
    rows = "".join(
        "<tr>"
        + "".join(
            _cell(said, table.columns[at], tails[number][at], is_key=at < table.keys)
            for at, said in enumerate(row)
        )
        + "</tr>"
        for number, row in enumerate(table.rows)
    )
    return (
        f'<div class="tb" tabindex="0" role="group"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _head(column: Column) -> str:
    symbol = f"<i>{escape(column.symbol)}</i> " if column.symbol else ""
    unit = f'<span class="un">{escape(column.unit)}</span>' if column.unit else ""
    remarks = "".join(f'<span class="ab">{escape(remark)}</span>' for remark in column.remarks)
    return f'<th scope="col" class="{column.kind[0]}">{symbol}{text_html(column.name)}{unit}{remarks}</th>'


def _cell(said: Said, column: Column, tail: str, *, is_key: bool) -> str:
    pad = f'<b data-t="{escape(tail)}"></b>' if tail else ""
    whole = len(said.lines) == 1 and len(said.lines[0]) <= _WHOLE and " " not in said.lines[0]
    kind = f"{column.kind[0]}{' k' if is_key else ''}{' c' if whole else ''}"
    return f'<td class="{kind}">{text_html(said)}{pad}</td>'


def _formula(formula: FormulaBlock) -> str:
    if formula.mathml:
        return f'<figure class="fo">{formula.mathml}</figure>'
    return f'<figure class="fo"><code>{escape(formula.source)}</code></figure>'


def _picture(picture: Picture) -> str:
    data = base64.b64encode(picture.data).decode()
    name = escape(" ".join(picture.name.lines))
    source = f"data:{picture.mime};base64,{data}"
    return (
        f'<figure><img alt="{name}" width="{picture.width}" height="{picture.height}" src="{source}">'
        f"<figcaption>{text_html(picture.name)}</figcaption></figure>"
    )
