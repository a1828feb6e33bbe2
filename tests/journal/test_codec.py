"""Content from strangers is taken only in the shape that the format gives it."""

import orjson
import pytest

from workstation.journal.codec import decode_content

GOOD = ["incident", "flood", "title", "积水", ["ZX/a1/1"]]
WORDS = ["wang", "incident.open", "", ""]


def test_content_has_five_places_and_with_a_voucher_six():
    for content in ([*WORDS, [GOOD]], [*WORDS, []], [*WORDS, [GOOD, GOOD], "ab12"]):
        assert decode_content(orjson.dumps(content)) == content


@pytest.mark.parametrize(
    "content",
    [
        "wang",
        {},
        7,
        None,
        WORDS,
        [*WORDS, "x"],
        [*WORDS, {}],
        [*WORDS[:3], None, []],
        [*WORDS, [], 7],
        [*WORDS, [], "", ""],
    ],
    ids=repr,
)
def test_what_is_no_content_is_told_apart(content):
    with pytest.raises(ValueError, match="content is not"):
        decode_content(orjson.dumps(content))


@pytest.mark.parametrize(
    "change",
    [
        7,
        None,
        "abcde",
        {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5},
        [],
        GOOD[:4],
        [*GOOD, 1],
        [1, *GOOD[1:]],
        ["incident", None, *GOOD[2:]],
        ["incident", "flood", [], "x", []],
        [*GOOD[:4], None],
        [*GOOD[:4], "ZX/a1/1"],
        [*GOOD[:4], ["ZX/a1"]],
        [*GOOD[:4], [7]],
        [*GOOD[:4], ["ZX/a1/x"]],
    ],
    ids=repr,
)
def test_a_change_of_another_shape_is_told_though_good_ones_stand_beside_it(change):
    with pytest.raises(ValueError, match=r"change|base|unpack"):
        decode_content(orjson.dumps([*WORDS, [GOOD, change]]))
