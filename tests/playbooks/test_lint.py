"""Mistakes in a playbook file are found at loading, with file, line, step and field."""

import pytest

from workstation.content import folder, read_yaml
from workstation.playbooks import Playbook, read_library
from workstation.playbooks.lint import lint

FLOOD = (folder("playbooks") / "PB-FLOOD.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(folder("playbooks").glob("*.yaml")), ids=lambda file: file.stem)
def test_our_own_playbooks_have_no_mistake(file):
    assert lint(file) == []


def test_all_nine_are_in_the_library():
    assert len(read_library().playbooks) == 9


@pytest.mark.parametrize(
    ("before", "after", "step", "field", "reason"),
    [
        ("role: WATER", "role: PIRATE", "F4", "role", "no such role: PIRATE"),
        ("due: 8, role: STREET", "due: -8, role: STREET", "F3", "due", "greater than or equal"),
        ('"max(underpass_ponding_cm) >= 20"', '"max(pond_cm) >= 20"', "F2", "if", "no indicator is called pond_cm"),
        ('"max(underpass_ponding_cm) >= 20"', '"max(underpass_ponding_cm) >"', "F2", "if", "ends too early"),
        ("{I: 5, II: 5, III: 8, IV: 15}", "{I: 5, II: 5, III: 8}", "F2", "due", "no value for level IV"),
        ("{I: 5, II: 5, III: 8, IV: 15}", "{I: 50, II: 5, III: 8, IV: 15}", "F2", "due", "more time than"),
        ("id: F4", "id: F3", "F3", "id", "defined twice"),
        (
            "id: F4, due: 10, role: WATER, mode: confirm",
            "id: F4, due: 10, role: WATER, mode: auto",
            "F4",
            "mode",
            "never",
        ),
        (
            'mode: confirm, do: {zh: "拦车值守,清点困车困人", en:',
            'mode: confirm, do: {zh: "拦车", fr:',
            "F3",
            "en",
            "required",
        ),
        ("stop:\n  hold_min: 30", "stop:\n  hold_minutes: 30", "stop", "hold_min", "required"),
        ("level: I, ", "level: IV, ", "levels", "levels", "from I down to IV"),
    ],
)
def test_a_mistake_is_named_with_its_step_and_field(tmp_path, before, after, step, field, reason):
    assert before in FLOOD
    file = tmp_path / "PB-FLOOD.yaml"
    file.write_text(FLOOD.replace(before, after, 1), encoding="utf-8")
    found = [(one.place, one.field) for one in lint(file) if reason in one.reason]
    assert (step, field) in found
    assert all(one.file == "PB-FLOOD.yaml" and one.line > 0 for one in lint(file))


def test_what_is_forbidden_is_read_in_both_languages_and_in_the_one_it_was_written_in(tmp_path):
    for ready in read_library().playbooks.values():
        assert ready.plan.prohibit and all(one.zh != one.en for one in ready.plan.prohibit)
    known = read_yaml(folder("playbooks") / "PB-FLOOD.yaml") | {"prohibit": ["不得涉水"]}
    assert Playbook.model_validate(known).prohibit[0].en == "不得涉水"


def test_a_file_that_is_no_yaml_names_the_line(tmp_path):
    file = tmp_path / "PB-FLOOD.yaml"
    file.write_text("id: PB-FLOOD\nsteps: [\n", encoding="utf-8")
    [finding] = lint(file)
    assert (finding.field, finding.line) == ("yaml", 3)
