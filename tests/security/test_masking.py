"""What may be shown of a person, and what no text may carry out of the house."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.security.masking import (
    mask_address,
    mask_id,
    mask_name,
    mask_phone,
    mask_plate,
    phones_in,
    plates_in,
    scrub,
)

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDS = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)
AROUND = st.text(alphabet="电话是，。 请回拨ab19", max_size=8)


def digits_of(text: str) -> str:
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("欧阳修", "欧**"), ("李", "*"), ("John Smith", "J*** *****"), ("", "")]
)
def test_a_name_keeps_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "+86 138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("021-12345678", "021-******78"),
        ("0571 1234567", "0571-*****67"),
        ("12345", "12345"),
        ("2125550123", "********23"),
    ],
)
def test_a_phone_keeps_what_tells_its_network_and_its_end(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_a_resident_id_keeps_three_and_two_places_old_and_new() -> None:
    assert mask_id("990000199001010017") == "990*************17"
    assert mask_id("11010519491231002x") == "110*************2X"
    assert mask_id("990000900101001") == "990**********01"
    assert mask_id("99000019900101") == "*" * 14


def test_a_plate_keeps_its_region_and_its_end() -> None:
    assert mask_plate("沪A12345") == "沪A·**345"
    assert mask_plate("沪A·D12345") == "沪A·***345"
    assert mask_plate("A12") == "***"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("东江区人民路街道花园社区3号楼201室", "东江区人民路街道花园社区***"),
        ("东江区滨江街道88号", "东江区滨江街道***"),
        ("人民路88号", "人民路***"),
        ("3号楼", "***"),
    ],
)
def test_an_address_ends_at_the_community(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("请回拨13812345678，谢谢", "请回拨138****5678，谢谢"),
        ("打+86-138 1234 5678找我", "打+86 138****5678找我"),
        ("车牌沪a12345被淹", "车牌沪A·**345被淹"),
        ("身份证990000199001010017", "身份证990*************17"),
        ("座机021-12345678", "座机021-******78"),
        (
            "2026年11月24日 20:14 水深0.35米，编号SJ20261124-0007",
            "2026年11月24日 20:14 水深0.35米，编号SJ20261124-0007",
        ),
        ("坐标29.60123,124.20456", "坐标29.60123,124.20456"),
        ("拨打119和12345", "拨打119和12345"),
    ],
)
def test_free_text_loses_its_numbers_and_keeps_its_sense(said: str, shown: str) -> None:
    assert scrub(said) == shown


@given(AROUND, MOBILES, AROUND, st.sampled_from(["", " ", "-", ".", "·", "　"]), st.booleans())
def test_no_mobile_number_survives_scrubbing(before: str, mobile: str, after: str, gap: str, wide: bool) -> None:
    written = gap.join((mobile[:3], mobile[3:7], mobile[7:]))
    shown = digits_of(scrub(before + (written.translate(FULL_WIDTH) if wide else written) + after))
    assert mobile not in re.sub(r"[ \-.·　]", "", shown)
    assert not re.search(r"1[3-9]\d{9}", shown)


@given(st.text(alphabet="0123456789０１X -.", max_size=60))
def test_no_run_of_digits_hides_a_mobile_number(text: str) -> None:
    assert not re.search(r"1[3-9]\d{9}", digits_of(scrub(text)))


@given(AROUND, IDS, AROUND, st.booleans())
def test_no_resident_id_survives_scrubbing(before: str, number: str, after: str, wide: bool) -> None:
    shown = digits_of(scrub(before + (number.translate(FULL_WIDTH) if wide else number) + after))
    assert number not in shown
    assert not re.search(r"\d{17}[\dXx]", shown)


@given(st.text())
def test_what_was_scrubbed_once_stays_as_it_is(text: str) -> None:
    once = scrub(text)
    assert scrub(once) == once


def test_numbers_named_in_a_call_are_found_for_comparison() -> None:
    assert phones_in("我是１３８ 1234 5678，车沪A·12345") == ["13812345678"]
    assert plates_in("蓝色轿车沪a·12345和粤Z1234港") == ["沪A12345", "粤Z1234港"]
