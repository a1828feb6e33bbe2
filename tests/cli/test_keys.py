"""`workstation keys`: a space's keys are moved by hand, and what needs them says why it cannot have them."""

import pytest

from tests.cli.command import workstation
from workstation.domain.errors import Refused
from workstation.station import keyholder

PHRASE = "river levee twelve"
CALLS = "编号,时间,内容,地点,电话\nA1,2026-11-24 19:30:00,积水,人民路下穿,13800000101\n"


@pytest.fixture
def space(tmp_path):
    (tmp_path / "calls.csv").write_text(CALLS, encoding="utf-8")
    assert workstation("import", tmp_path / "calls.csv", "--space", tmp_path / "ZX").code == 0
    return tmp_path / "ZX"


def test_keys_are_wrapped_by_hand_and_a_command_opens_them_by_its_credential(space, tmp_path, monkeypatch) -> None:
    file = tmp_path / "phrase"
    file.write_text(PHRASE, encoding="utf-8")
    told = workstation("keys", "--space", space, "--passphrase-file", file, "--json")
    assert told.lines == [{"space": str(space), "keys": "wrapped"}]
    monkeypatch.setattr(keyholder, "_opened", {})
    with pytest.raises(Refused, match=r"keyholder\.locked"):
        workstation("audit", "verify", space)
    monkeypatch.setenv(keyholder.PHRASE_FILE, str(file))
    opened = workstation("audit", "verify", space)
    assert (opened.code, opened.out) == (0, "")


def test_where_they_lie_is_told_in_words_and_only_one_place_is_named_at_a_time(space) -> None:
    assert "仅属主可读" in workstation("keys", "--space", space).err
    assert workstation("keys", "--space", space, "--files", "--keyring").code == 2
