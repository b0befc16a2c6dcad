"""Certificates that chance makes up: any words, any numbers, any number of everything, but always valid.

They are built by Python's own generator from one number, which Hypothesis draws: a hundred times quicker than
drawing every letter, and a failing number can be tried again.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from jialiang.formats.content import (
    Address,
    CertificateContent,
    CertificateReference,
    Column,
    Identification,
    InfluenceCondition,
    Item,
    MeasuringEquipment,
    Method,
    Party,
    ResponsiblePerson,
    ResultTable,
    Statement,
    Trust,
)
from jialiang.kernel.text import Text

LETTERS = "abcXYZ019 温度计校准量℃µΩé&<>\"'{}$#@*_~`%/\\-–—“”（）、。;:|[]^=+"
UNITS = (
    "\\degreecelsius",
    "\\kelvin",
    "\\volt",
    "\\milli\\gram",
    "\\metre\\per\\second\\tothe{2}",
    "\\one",
    "\\percent",
)
REF_TYPES = (
    "basic_referenceValue",
    "basic_measuredValue",
    "basic_measurementError",
    "gp_correction",
    "gp_something",
)
CONFORMITIES = ("pass", "fail", "conditionalPass", "conditionalFail")


class MakerUp:
    """Makes up the parts of a certificate, one after the other, from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def some(self, make: Callable[[], Any], low: int, high: int) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self.chance.randint(low, high)))

    def maybe(self, make: Callable[[], Any], otherwise: Any) -> Any:
        return make() if self.chance.random() < 0.6 else otherwise

    def words(self) -> str:
        drawn = "".join(self.chance.choices(LETTERS, k=self.chance.randint(1, 12)))
        return " ".join(drawn.split()) or "字"

    def plain(self) -> str:
        return "".join(self.chance.choices("ABCabc0123-._/", k=self.chance.randint(1, 10)))

    def text(self) -> Text:
        return Text(self.words(), self.words())

    def decimal(self) -> str:
        digits = "".join(self.chance.choices("0123456789", k=self.chance.randint(1, 9)))
        point = self.chance.randint(1, len(digits))
        fraction = digits[point:]
        return self.chance.choice(["", "-"]) + digits[:point] + (f".{fraction}" if fraction else "")

    def positive(self) -> str:
        return self.decimal().lstrip("-")

    def factor(self) -> str:
        return f"{self.chance.uniform(1, 13):.{self.chance.randint(0, 3)}f}"

    def day(self) -> str:
        return (date(2000, 1, 1) + timedelta(days=self.chance.randint(0, 20_000))).isoformat()

    def optional_plain(self) -> str:
        return self.maybe(self.plain, "")

    def optional_text(self) -> Text:
        return self.maybe(self.text, Text())

    def truth(self) -> bool:
        return self.chance.random() < 0.5

    def party(self) -> Party:
        optional = self.optional_plain
        country = self.chance.choice(["CN", "DE"])
        address = Address(self.optional_text(), self.optional_text(), optional(), country, optional())
        return Party(self.text(), address, *(optional() for _ in range(6)), fictional=self.truth())

    def identification(self) -> Identification:
        issuer = self.chance.choice(["manufacturer", "customer", "owner", "other"])
        return Identification(issuer, self.plain(), self.optional_text())

    def item(self) -> Item:
        return Item(
            self.text(), self.optional_text(), self.optional_plain(), self.some(self.identification, 0, 2),
            self.plain(), self.optional_text(), self.optional_plain(), self.optional_text(),
        )  # fmt: skip

    def reference(self) -> CertificateReference:
        if self.truth():
            return CertificateReference(self.text(), self.plain(), "analogue", "")
        digest = f"{self.chance.getrandbits(256):064x}"
        return CertificateReference(
            self.text(), self.plain(), self.chance.choice(["sha256", "c14n-sha256"]), digest,
            self.maybe(self.day, ""), self.truth(), self.maybe(self.reference, None),
        )  # fmt: skip

    def equipment(self, key: str) -> MeasuringEquipment:
        return MeasuringEquipment(
            key, self.text(), self.optional_text(), self.optional_plain(), self.optional_plain(),
            self.optional_plain(), self.optional_text(), self.optional_text(), self.maybe(self.reference, None),
            self.truth(),
        )  # fmt: skip

    def method(self, key: str) -> Method:
        return Method(key, self.text(), self.optional_plain(), self.optional_text(), self.truth())

    def keys_of(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.chance.sample(keys, self.chance.randint(0, len(keys))))

    def column(self, rows: int, methods: tuple[str, ...], equipment: tuple[str, ...]) -> Column:
        stated = self.truth()
        return Column(
            self.chance.choice(REF_TYPES), self.text(), self.chance.choice(UNITS), self.some(self.decimal, rows, rows),
            self.some(self.positive, rows, rows) if stated else (),
            self.some(self.factor, rows, rows) if stated else (),
            "0.95" if stated else "", self.maybe(lambda: "normal", "") if stated else "",
            self.maybe(lambda: self.some(lambda: self.chance.choice(CONFORMITIES), rows, rows), ()),
            self.keys_of(equipment), self.keys_of(methods),
        )  # fmt: skip

    def table(self, methods: tuple[str, ...], equipment: tuple[str, ...]) -> ResultTable:
        rows = self.chance.randint(1, 4)
        return ResultTable(
            self.text(), self.some(lambda: self.column(rows, methods, equipment), 1, 3), note=self.optional_text(),
            adjustment=self.chance.choice(["", "beforeAdjustment", "afterAdjustment"]),
        )  # fmt: skip

    def condition(self) -> InfluenceCondition:
        quantity = self.chance.choice(["temperature", "humidityRelative", "pressure", "other"])
        return InfluenceCondition(
            quantity, self.text(), self.decimal(), self.decimal(), self.chance.choice(UNITS)
        )

    def person(self) -> ResponsiblePerson:
        duty = self.chance.choice(["calibrated", "reviewed", "approved"])
        return ResponsiblePerson(self.text(), self.text(), duty, self.truth())

    def statement(self) -> Statement:
        return Statement(
            "jl_traceability", self.text(), self.text(), self.optional_plain(), self.optional_plain()
        )

    def content(self) -> CertificateContent:
        methods = tuple(dict.fromkeys(self.some(self.plain, 0, 2)))
        equipment = tuple(dict.fromkeys(self.some(self.plain, 0, 2)))
        return CertificateContent(
            kind=self.chance.choice(["calibration", "legal_verification", "testing"]), number=self.plain(),
            identifier=self.plain(), check_code=self.plain(), check_url=f"https://c.example/{self.plain()}",
            institute=self.party(), customer=self.party(), items=self.some(self.item, 1, 3),
            commission_number=self.optional_plain(), record_number=self.optional_plain(), begin_date=self.day(),
            end_date=self.day(), issue_date=self.day(), signing_time="2026-06-16T07:47:30Z",
            time_zone=self.chance.choice(["Asia/Shanghai", "UTC"]),
            performance_location=self.chance.choice(["laboratory", "customer", "laboratoryBranch", "other"]),
            performance_address=self.optional_text(), methods=tuple(map(self.method, methods)),
            equipment=tuple(map(self.equipment, equipment)), conditions=self.some(self.condition, 0, 2),
            results=self.some(lambda: self.table(methods, equipment), 1, 2), statements=self.some(self.statement, 0, 2),
            persons=self.some(self.person, 1, 3),
            trust=Trust(
                self.text(), self.chance.choice(["institute_seal", "person_in_role"]), self.text(), "AB" * 32,
                "c.example",
            ),
            software_name="Jialiang", software_release="0.1.0", receipt_date=self.maybe(self.day, ""),
            due_date=self.maybe(self.day, ""), supersedes_number=self.optional_plain(),
            supersedes_identifier=self.optional_plain(), amendment_reason=self.optional_text(),
            conclusion=self.optional_text(),
        )  # fmt: skip


def made_up(seed: int) -> CertificateContent:
    """The certificate that belongs to a number."""
    return MakerUp(seed).content()


SEEDS = st.integers(0, 2**32)


def contents() -> st.SearchStrategy[CertificateContent]:
    """Any certificate."""
    return SEEDS.map(made_up)
