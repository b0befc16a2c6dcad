"""The models of JSON documents: verdicts beside JSON Schemas of the same models, words to the letter, limits."""

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.formats.json_documents import errors
from jialiang.formats.json_documents.checking import MOST, check_json
from jialiang.formats.json_documents.models import json_models, models_of
from jialiang.formats.json_documents.reading import JsonLimits, read_json
from jialiang.kernel.text import Text

# Every type as a model has it, and as JSON Schema (draft 2020-12) has it, both written by hand.
VALUES = {
    "_shade": ({"words": "red blue"}, {"enum": ["red", "blue"]}),
    "_code": ({"pattern": "[A-Z]{1,2}[0-9]+", "en": "a code", "zh": "代码"},
              {"type": "string", "pattern": "^[A-Z]{1,2}[0-9]+$"}),
    "_kinds": ({"has": "A B"}, {"type": "array", "items": {"type": "string"},
                                "allOf": [{"contains": {"const": "A"}}, {"contains": {"const": "B"}}]}),
    "_path": ({"begins": "A B"}, {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 2,
                                  "prefixItems": [{"const": "A"}, {"const": "B"}]}),
    "_words": ({"map": "[a-z]{2}", "en": "texts", "zh": "文字"},
               {"type": "object", "propertyNames": {"pattern": "^[a-z]{2}$"},
                "additionalProperties": {"type": "string"}}),
}  # fmt: skip
PLAIN = {"text": {"type": "string"}, "number": {"type": "number"}, "boolean": {"type": "boolean"}}
TYPES = [*PLAIN, *VALUES, "Part"]
PART = "~ id:text! size:number"

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.just(0.5), st.sampled_from(["", "A", "B", "red", "A1", "ab1"])
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "size", "zh", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
LIKELY = {
    "text": st.text(max_size=2), "number": st.integers(0, 3), "boolean": st.booleans(),
    "_shade": st.sampled_from(["red", "blue", "Red"]), "_code": st.sampled_from(["A1", "AB22", "ABC1", "A"]),
    "_kinds": st.lists(st.sampled_from(["A", "B", "C"]), max_size=4),
    "_path": st.lists(st.sampled_from(["A", "B", "C"]), max_size=4),
    "_words": st.dictionaries(st.sampled_from(["zh", "en", "ZH"]), st.just("x"), max_size=2),
    "Part": st.fixed_dictionaries({"id": st.just("p")}, optional={"size": st.just(1), "more": st.just([])}),
}  # fmt: skip
MEMBERS = st.lists(
    st.tuples(st.sampled_from(TYPES), st.sampled_from(["", "[]", "[+]"]), st.booleans()), min_size=1, max_size=4
)  # fmt: skip


def model_of(members, *, is_open):
    """The models of an object with members m0, m1 …, in the notation of the models."""
    line = " ".join(
        f"m{at}:{type_}{array}{'!' * needed}" for at, (type_, array, needed) in enumerate(members)
    )
    values = {name: model for name, (model, _) in VALUES.items()}
    return models_of({"objects": {"Top": "~ " * is_open + line, "Part": PART}, "values": values})


def schema_of(members, *, is_open):
    """The same as JSON Schema."""
    part = {
        "type": "object",
        "properties": {"id": PLAIN["text"], "size": PLAIN["number"]},
        "required": ["id"],
    }
    one = PLAIN | {name: schema for name, (_, schema) in VALUES.items()} | {"Part": part}
    many = {"[]": {}, "[+]": {"minItems": 1}}
    return {
        "type": "object",
        "additionalProperties": is_open,
        "required": [f"m{at}" for at, (_, _, needed) in enumerate(members) if needed],
        "properties": {
            f"m{at}": {"type": "array", "items": one[type_]} | many[array] if array else one[type_]
            for at, (type_, array, _) in enumerate(members)
        },
    }


@settings(max_examples=120, deadline=None)
@given(members=MEMBERS, is_open=st.booleans(), data=st.data())
def test_the_verdict_is_that_of_a_json_schema_of_the_same_model(members, is_open, data):
    likely = {}
    for at, (type_, array, _) in enumerate(members):
        one = LIKELY[type_]
        likely[f"m{at}"] = st.lists(one, max_size=2) if array else one
    value = data.draw(st.fixed_dictionaries({}, optional=likely), label="value")
    odd = data.draw(st.sampled_from(["", *likely, "other"]), label="member to be made odd")
    if odd:
        value[odd] = data.draw(JSON, label="odd value")
    found = check_json(value, model_of(members, is_open=is_open), "Top", "X")
    official = jsonschema.Draft202012Validator(schema_of(members, is_open=is_open))
    assert (found == ()) is official.is_valid(value)


@settings(max_examples=40, deadline=None)
@given(members=MEMBERS, value=JSON)
def test_anything_is_judged_in_words_at_a_place_that_leads_somewhere(members, value):
    for each in check_json({"m0": value}, model_of(members, is_open=False), "Top", "X"):
        place = {"m0": value}
        for step in each.path.split("/")[1:]:
            if step:
                place = place[int(step) if isinstance(place, list) else step]
        assert each.text.en.startswith(each.path) and each.text.zh.startswith(each.path)
        assert each.severity == "error"


BOX = models_of({
    "objects": {"Box": "id:text! shade:_shade code:_code kinds:_kinds path:_path words:_words part:Part[+] n:number "
                       "yes:boolean list:text[]", "Part": PART},
    "values": {name: model for name, (model, _) in VALUES.items()},
})  # fmt: skip
NAMES = "id, shade, code, kinds, path, words, part, n, yes, list"
SENTENCES = [
    ({}, "/ lacks the member id.", "/ 缺少成员 id。"),
    ([], "/ is []; expected: an object {…}.", "/ 是 []；应为对象 {…}。"),
    ({"id": None}, "/id is null; expected: a text.", "/id 是 null；应为文字。"),
    ({"id": "a", "n": True}, "/n is true; expected: a number.", "/n 是 true；应为数。"),
    ({"id": "a", "yes": "true"}, "/yes is true; expected: true or false.", "/yes 是 true；应为 true 或 false。"),
    ({"id": "a", "list": "x"}, "/list is x; expected: an array […].", "/list 是 x；应为数组 […]。"),
    ({"id": "a", "kinds": [1]}, "/kinds is [1]; expected: an array of texts.", "/kinds 是 [1]；应为文字的数组。"),
    ({"id": "a", "part": []}, "/part is an empty array; it needs at least one entry.",
     "/part 是空数组；至少要有一项。"),
    ({"id": "a", "shade": "pink"}, "/shade may not be “pink”; expected: red, blue.",
     "/shade 的值“pink”不允许；应为red、blue。"),
    ({"id": "a", "code": "a1"}, "/code may not be “a1”; expected: a code.", "/code 的值“a1”不允许；应为代码。"),
    ({"id": "a", "kinds": ["B"]}, "/kinds lacks A.", "/kinds 缺少 A。"),
    ({"id": "a", "kinds": []}, "/kinds lacks A, B.", "/kinds 缺少 A、B。"),
    ({"id": "a", "path": ["B", "A"]}, "/path has to begin with, in order: A, B.", "/path 必须依次以 A、B 开头。"),
    ({"id": "a", "path": ["A", "B", "A"]}, "/path has an entry twice; every entry stands once.",
     "/path 中有重复项；每项只能出现一次。"),
    ({"id": "a", "words": {"Z/~": "x"}}, "/words/Z~1~0 may not be “Z/~”; expected: texts.",
     "/words/Z~1~0 的值“Z/~”不允许；应为文字。"),
    ({"id": "a", "colour": 1}, f"/colour: there may be no member “colour”; possible: {NAMES}.",
     f"/colour：不应有成员“colour”；可用的成员：{NAMES.replace(', ', '、')}。"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "en", "zh"), SENTENCES)
def test_what_is_wrong_is_said_to_the_letter(value, en, zh):
    (found,) = check_json(value, BOX, "Box", "X")
    assert found.text == Text(zh, en)


def test_two_faults_of_one_list_are_told_both():
    found = check_json({"id": "a", "path": ["B", "B"]}, BOX, "Box", "X")
    assert [each.rule for each in found] == ["X-BEGINS", "X-TWICE"]


def test_what_is_missing_is_told_before_what_stands_there():
    found = check_json({"shade": "pink", "x": 1}, BOX, "Box", "X")
    assert [(each.rule, each.path) for each in found] == [
        ("X-MISSING", "/"), ("X-UNKNOWN", "/x"), ("X-VALUE", "/shade"),
    ]  # fmt: skip


@pytest.mark.parametrize(("letters", "is_cut"), [(60, False), (61, True)])
def test_a_value_is_shown_up_to_sixty_letters(letters, is_cut):
    (found,) = check_json({"id": "a", "shade": "x" * letters}, BOX, "Box", "X")
    assert f"“{'x' * 59 + '…' if is_cut else 'x' * 60}”" in found.text.en


def test_of_many_members_twelve_are_named():
    many = models_of({"objects": {"Wide": " ".join(f"m{at}:text" for at in range(20))}, "values": {}})
    (found,) = check_json({"other": 1}, many, "Wide", "X")
    assert found.text.en.endswith("m10, m11.") and found.text.zh.endswith("m10、m11。")


def test_findings_end_at_the_limit_wherever_the_last_one_stands():
    wrong = {"id": "a", "words": {f"{at:05}": "x" for at in range(3 * MOST)}}
    assert len(check_json(wrong, BOX, "Box", "X")) == MOST


@pytest.mark.parametrize("package", ["jialiang.formats.credential", "jialiang.formats.dcoc"])
def test_the_data_of_a_package_are_read_once(package):
    file = {"jialiang.formats.credential": "models.json", "jialiang.formats.dcoc": "json_values.json"}[
        package
    ]
    assert json_models(package, file) is json_models(package, file)


# --- reading --------------------------------------------------------------------------------------------------------


def nested(depth):
    """A list so many deep."""
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("data", "limits", "error", "facts"),
    [
        (b"[1]", JsonLimits(size=2), errors.JsonTooLarge, {"size": 3, "limit": 2}),
        (nested(3), JsonLimits(depth=2), errors.JsonTooDeep, {"line": 1, "column": 3, "limit": 2}),
        (b'{"a":\n {"b":\n  [1]}}', JsonLimits(depth=2), errors.JsonTooDeep, {"line": 3, "column": 3, "limit": 2}),
        (b"[1,2,3]", JsonLimits(values=2), errors.JsonTooMany, {"line": 1, "column": 5, "limit": 2}),
        (b"[12345]", JsonLimits(digits=4), errors.NumberRefused, {"text": "12345"}),
        (b"[1.234]", JsonLimits(digits=4), errors.NumberRefused, {"text": "1.234"}),
        (b"[-1e999]", JsonLimits(), errors.NumberRefused, {"text": "-1e999"}),
        (b'{"a":{"b":1,"b":2}}', JsonLimits(), errors.MemberRepeated, {"name": "b"}),
        (b'{"\\u0061":1,"a":1}', JsonLimits(), errors.MemberRepeated, {"name": "a"}),
    ],
)  # fmt: skip
def test_a_limit_is_told_with_its_facts(data, limits, error, facts):
    with pytest.raises(error) as refused:
        read_json(data, limits)
    assert refused.value.facts == facts


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"[1]", JsonLimits(size=3)), (nested(2), JsonLimits(depth=2)), (b"[1,2]", JsonLimits(values=2)),
        (b"[1234]", JsonLimits(digits=4)), (b'["],],],{{{{"]', JsonLimits(depth=1, values=1)),
        (b'["\\"[[["]', JsonLimits(depth=1)), (b"[[],[],[]]", JsonLimits(depth=2)),
    ],
)  # fmt: skip
def test_at_the_limit_all_is_well(data, limits):
    assert read_json(data, limits) == json.loads(data)


@settings(max_examples=60, deadline=None)
@given(value=JSON, depth=st.integers(0, 5), values=st.integers(0, 12))
def test_limits_count_as_one_counts_by_hand(value, depth, values):
    def deep(each):
        inside = each.values() if isinstance(each, dict) else each if isinstance(each, list) else None
        return 0 if inside is None else 1 + max(map(deep, inside), default=0)

    def many(each):
        inside = (
            list(each.values() if isinstance(each, dict) else each) if isinstance(each, list | dict) else None
        )
        return 0 if inside is None else 1 + max(len(inside) - 1, 0) + sum(map(many, inside))

    data = json.dumps(value).encode()
    try:
        assert read_json(data, JsonLimits(depth=depth, values=values)) == value
        assert deep(value) <= depth and many(value) <= values
    except errors.JsonTooDeep:
        assert deep(value) > depth
    except errors.JsonTooMany:
        assert many(value) > values


@pytest.mark.parametrize(
    ("error", "facts", "en", "zh"),
    [
        (errors.JsonTooLarge, {"size": 9, "limit": 5}, "The document has 9 bytes; the limit is 5.",
         "文件有 9 字节，超过上限 5 字节。"),
        (errors.NotJson, {"line": 2, "column": 3, "detail": "x"}, "Line 2, column 3: this is no JSON (x).",
         "第 2 行第 3 列：不是 JSON（x）。"),
        (errors.JsonTooDeep, {"line": 2, "column": 3, "limit": 64}, "Line 2, column 3: nested deeper than 64 levels.",
         "第 2 行第 3 列：嵌套超过 64 层。"),
        (errors.MemberRepeated, {"name": "id"}, "An object has the member “id” more than once.",
         "同一对象中成员“id”出现多次。"),
        (errors.NumberRefused, {"text": "NaN"}, "“NaN” is no usable number.", "“NaN”不是可用的数。"),
        (errors.JsonTooMany, {"line": 1, "column": 2, "limit": 7}, "Line 1, column 2: more than 7 values.",
         "第 1 行第 2 列：值的个数超过 7。"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_which_rule_and_the_way_out(error, facts, en, zh):
    problem = error(**facts)
    assert problem.what == Text(zh, en)
    assert problem.rule.zh and problem.rule.en and problem.way_out.zh and problem.way_out.en
    assert problem.http_status == (413 if error is errors.JsonTooLarge else 422)
