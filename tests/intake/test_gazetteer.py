"""Names of places, as a hurried hand types them and as a caller says them."""

from pathlib import Path

import pytest

from tests.intake.city import gazetteer
from workstation.domain.errors import ContentError
from workstation.intake.gazetteer import Gazetteer


@pytest.mark.parametrize(
    "typed", ["人民路下", "rmlxc", "RMLX", "renminluxia", "ren min lu xia", "renmin road und", "ｒｍｌｘｃ"]
)
def test_a_place_is_suggested_by_its_name_in_every_writing(tmp_path: Path, typed: str) -> None:
    assert gazetteer(tmp_path).suggest(typed, 5)[0].name_zh == "人民路下穿"


def test_a_name_that_begins_so_comes_before_one_that_holds_it(tmp_path: Path) -> None:
    names = [place.name_zh for place in gazetteer(tmp_path).suggest("人民", 5)]
    assert names[0] == "人民路"
    assert names[-1] == "新人民广场"


def test_nothing_typed_suggests_nothing(tmp_path: Path) -> None:
    assert gazetteer(tmp_path).suggest("  ", 5) == []
    assert gazetteer(tmp_path).suggest("找不到", 5) == []


def test_suggestions_are_as_many_as_asked(tmp_path: Path) -> None:
    assert len(gazetteer(tmp_path).suggest("r", 2)) == 2


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("人民路下穿有积水，车熄火了", "人民路下穿"),
        ("人民路上花园小区3号楼起火", "花园小区"),
        ("滨江街道停电", "滨江街道"),
        ("Water at the renmin road underpass, cars stuck", "人民路下穿"),
    ],
)
def test_a_point_named_in_a_call_is_found_before_the_road_it_lies_on(tmp_path: Path, said: str, name: str) -> None:
    found = gazetteer(tmp_path).find(said)
    assert found is not None
    assert found.name_zh == name


def test_a_call_without_a_name_is_nowhere(tmp_path: Path) -> None:
    assert gazetteer(tmp_path).find("这里着火了") is None
    assert gazetteer(tmp_path).find(None) is None


def test_a_broken_row_is_named_by_file_and_row() -> None:
    with pytest.raises(ContentError, match=r"gazetteer.csv: row 2"):
        Gazetteer.of([{"id": "x", "name_zh": "无坐标", "lat": "?"}])
