"""Who is offered the audit trail."""

from workstation.security.permission import may


def test_the_auditor_reads_the_trail_and_a_supervisor_that_of_the_own_team() -> None:
    assert may("AUD", "read_audit")
    assert not may("SUP", "read_audit")
    assert may("sup", "read_audit", own=True)
    for role in ("OP", "ST", "SYS", "SEC", "operator", ""):
        assert not may(role, "read_audit", own=True)


def test_what_nobody_knows_is_allowed_to_nobody() -> None:
    assert not may("AUD", "read_minds", own=True)
