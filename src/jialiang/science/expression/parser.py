"""From source to tree, by the ranks of the operators, with the limits checked on the way.

choice      := either ("or" either)*            lowest
either      := denial ("and" denial)*
denial      := "not" denial | comparison
comparison  := sum (("<" | "<=" | ">" | ">=" | "==" | "!=" | "=") sum)?
sum         := product (("+" | "-") product)*
product     := signed (("*" | "/") signed)*
signed      := ("+" | "-") signed | power
power       := postfix ("**" signed)?            binds from the right
postfix     := atom ("[" integer "]")*
atom        := number unit? | name | name "(" arguments ")" | "(" choice ")" | "[" arguments "]"
"""

from __future__ import annotations

from collections.abc import Callable

from jialiang.science.expression.errors import ExpressionSyntax
from jialiang.science.expression.limits import Meter
from jialiang.science.expression.syntax import (
    Call,
    Chain,
    Comparison,
    Element,
    Items,
    Name,
    Node,
    Number,
    Power,
    Span,
    Token,
    Unary,
    meant,
    tokens,
    unexpected,
)

WORDS = frozenset({"and", "or", "not"})
_RANKS = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6} | dict.fromkeys(
    ("<", "<=", ">", ">=", "==", "!=", "="), 4
)


def parse(source: str, meter: Meter | None = None) -> Node:
    """Read one expression. Raises ExpressionSyntax, ExpressionTooLarge, ModelTooSlow."""
    used = meter or Meter()
    used.characters(len(source))
    return _Parser(source, used).whole()


class _Parser:
    def __init__(self, source: str, meter: Meter) -> None:
        self._source = source
        self._meter = meter
        self._words: list[Token] = []
        for token in tokens(source):
            meter.node(0)
            self._words.append(token)
        self._place = 0
        self._depth = 0

    def whole(self) -> Node:
        """Read everything."""
        tree = self._choice()
        if self._now.kind != "end":
            raise unexpected(self._source, self._now)
        return tree

    @property
    def _now(self) -> Token:
        return self._words[self._place]

    def _take(self, *texts: str) -> Token | None:
        token = self._now
        if token.kind in ("sign", "name") and meant(token.text) in texts:
            self._place += 1
            return token
        return None

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            raise unexpected(self._source, self._now)

    def _span(self, start: int) -> Span:
        last = self._words[self._place - 1]
        return Span(self._source, start, last.start + len(last.text) + 2 * (last.kind == "unit"))

    def _counted(self, node: Node) -> Node:
        self._meter.node()
        return node

    def _inside(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        self._meter.deeper(self._depth)
        node = read()
        self._depth -= 1
        return node

    def _choice(self) -> Node:
        """Read operands and operators, the higher ranks first; one frame for all ranks, so nesting stays shallow."""
        operands: list[tuple[int, Node]] = []
        operators: list[tuple[int, str, int]] = []
        while True:
            while denial := self._take("not"):
                operators.append((_RANKS["not"], "not", denial.start))
                self._meter.deeper(self._depth + len(operators) - len(operands))
            operands.append((self._now.start, self._signed()))
            rank = self._rank()
            while operators and operators[-1][0] > rank:
                self._reduce(operands, operators)
            if rank == 0:
                return operands[0][1]
            operators.append((rank, meant(self._now.text), self._now.start))
            self._place += 1

    def _rank(self) -> int:
        """Return the rank of the operator that comes next; 0 ends the operands."""
        joins = self._now.kind in ("sign", "name") and self._now.text != "not"
        return _RANKS.get(meant(self._now.text), 0) if joins else 0

    def _reduce(self, operands: list[tuple[int, Node]], operators: list[tuple[int, str, int]]) -> None:
        rank, sign, start = operators.pop()
        if sign == "not":
            _, operand = operands.pop()
            operands.append((start, self._counted(Unary("not", operand, self._span(start)))))
            return
        tail = [(sign, operands.pop()[1])]
        while operators and operators[-1][0] == rank:
            tail.append((operators.pop()[1], operands.pop()[1]))
        first, head = operands.pop()
        span = self._span(first)
        if rank != _RANKS["<"]:
            operands.append((first, self._counted(Chain(head, tuple(reversed(tail)), span))))
            return
        if len(tail) > 1:
            raise unexpected(self._source, self._now)
        operands.append((first, self._counted(Comparison(sign, head, tail[0][1], span))))

    def _signed(self) -> Node:
        start = self._now.start
        if sign := self._take("+", "-"):
            operand = self._inside(self._signed)
            return self._counted(Unary(meant(sign.text), operand, self._span(start)))
        return self._power()

    def _power(self) -> Node:
        start = self._now.start
        base = self._postfix()
        if self._take("**"):
            exponent = self._inside(self._signed)
            return self._counted(Power(base, exponent, self._span(start)))
        return base

    def _postfix(self) -> Node:
        start = self._now.start
        node = self._atom()
        chained = 0
        while self._now.text == "[" and not isinstance(node, Number):
            self._place += 1
            chained += 1
            self._meter.deeper(self._depth + chained)
            index = self._index()
            self._need("]")
            node = self._counted(Element(node, index, self._span(start)))
        return node

    def _index(self) -> int:
        sign = -1 if self._take("-") else 1
        token = self._now
        if token.kind != "number" or not token.text.isdigit() or len(token.text) > 6:
            raise unexpected(self._source, token)
        self._place += 1
        return sign * int(token.text)

    def _atom(self) -> Node:
        token = self._now
        self._place += 1
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name" and token.text not in WORDS:
            return self._named(token)
        if token.text == "(" and token.kind == "sign":
            node = self._inside(self._choice)
            self._need(")")
            return node
        if token.text == "[" and token.kind == "sign":
            elements = self._arguments("]")
            return self._counted(Items(elements, self._span(token.start)))
        raise unexpected(self._source, token)

    def _number(self, token: Token) -> Node:
        value = float(token.text)
        if value in (float("inf"), float("-inf")):
            raise ExpressionSyntax(place=token.start + 1, found=token.text[:40], source=token.text[:40])
        imaginary = self._now.text in ("j", "J") and self._now.start == token.start + len(token.text)
        self._place += imaginary
        unit = None
        if self._now.kind == "unit":
            unit = self._now.text
            self._place += 1
        return self._counted(Number(value, imaginary, unit, self._span(token.start)))

    def _named(self, token: Token) -> Node:
        if self._now.text == "(" and self._now.kind == "sign":
            self._place += 1
            arguments = self._arguments(")")
            return self._counted(Call(token.text, arguments, self._span(token.start)))
        return self._counted(Name(token.text, self._span(token.start)))

    def _arguments(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        if self._take(closing):
            return ()
        while True:
            found.append(self._inside(self._choice))
            if self._take(closing):
                return tuple(found)
            self._need(",")
