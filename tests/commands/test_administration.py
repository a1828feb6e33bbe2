"""Accounts without rights, rights given by somebody else, and the three administrators apart."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.administrators import DEEP, KEY, TERMS, Hub
from tests.journals import enrolled, exchange
from workstation.commands.administration import (
    Terms,
    confirm_grant,
    create_account,
    give_grant,
    restore_account,
    revoke_grant,
    suspend_account,
)
from workstation.commands.seat import Command
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft, Sealed
from workstation.domain.encoding import set_fields
from workstation.domain.people import PERSONS
from workstation.domain.records import Account, Approval, Grant


def test_a_new_account_has_no_rights_a_sealed_name_and_must_change_its_password(hub: Hub) -> None:
    account = hub.journal.situation.get(Account, "chenjie")
    assert account is not None and isinstance(account.name, Sealed)
    assert (account.state, account.must_change, account.created_by) == ("active", True, "zhaomin")
    assert hub.grants() == []


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (create_account("chenjie", "陈洁", KEY), "account.exists"),
        (create_account("Chen Jie", "陈洁", KEY), "account.login"),
        (create_account("system", "陈洁", KEY), "account.login"),
        (create_account("chenjie2", " ", KEY), "account.name"),
        (create_account("chenjie2", "陈洁", "ab"), "account.key"),
        (suspend_account("nobody", "离职"), "account.unknown"),
        (suspend_account("chenjie", " "), "account.reason"),
        (suspend_account("zhaomin", "离职"), "account.oneself"),
        (restore_account("chenjie", "复职"), "account.state_already"),
        (give_grant(TERMS), "account.role"),
    ],
)
def test_what_the_system_administrator_may_not_is_refused_in_words(hub: Hub, command: Command, rule: str) -> None:
    assert hub.refusal("zhaomin", "SYS", command) == rule


def test_only_the_hub_makes_accounts_and_grants(hub: Hub) -> None:
    assert hub.refusal("zhaomin", "SYS", create_account("sunli", "孙丽", KEY), "JD03") == "account.hub_only"
    assert hub.refusal("liqiang", "SEC", give_grant(TERMS), "JD03") == "account.hub_only"


def test_a_grant_and_its_end_are_written_in_the_region_where_they_count(hub: Hub) -> None:
    given = hub.does("liqiang", "SEC", give_grant(TERMS))
    ended = hub.does("liqiang", "SEC", revoke_grant(hub.grants()[0].id, "离职"))
    assert given.scope == ended.scope == "990101003"


def test_a_grant_keeps_who_gave_it_on_which_form_and_until_when(hub: Hub) -> None:
    hub.does("liqiang", "SEC", give_grant(TERMS))
    (given,) = hub.grants()
    assert (given.role, given.region, given.level, given.purposes) == ("ST", "990101003", 2, ["duty"])
    assert (given.given_by, given.approved_by, given.form) == ("liqiang", None, "SQ-2026-118")
    assert (given.valid_to, given.given_at) == (TERMS.valid_to, hub.clock.now())


def test_a_grant_that_was_looked_at_again_goes_on_and_says_who_looked(hub: Hub) -> None:
    hub.does("liqiang", "SEC", give_grant(TERMS))
    hub.clock.advance(91 * 86400)
    confirmed = hub.does("liqiang", "SEC", confirm_grant(hub.grants()[0].id, "仍在岗"))
    (known,) = hub.grants()
    assert (known.reviewed_by, known.reviewed_at, known.given_by) == ("liqiang", hub.clock.now(), "liqiang")
    assert confirmed.scope == "990101003"


def test_only_what_is_in_force_is_confirmed_and_nobody_confirms_his_own(hub: Hub) -> None:
    hub.does("liqiang", "SEC", give_grant(TERMS))
    (known,) = hub.grants()
    assert hub.refusal("zhaomin", "SYS", confirm_grant(known.id)) == "account.role"
    assert hub.refusal("chenjie", "SEC", confirm_grant(known.id)) == "grant.oneself"
    assert hub.refusal("liqiang", "SEC", confirm_grant("grant:9")) == "grant.unknown"
    hub.clock.advance(366 * 86400)
    assert hub.refusal("liqiang", "SEC", confirm_grant(known.id)) == "grant.over"
    hub.does("liqiang", "SEC", revoke_grant(known.id, "离职"))
    assert hub.refusal("liqiang", "SEC", confirm_grant(known.id)) == "grant.revoked_already"


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        (replace(TERMS, account="liqiang"), "grant.oneself"),
        (replace(TERMS, account="nobody"), "account.unknown"),
        (replace(TERMS, role="STATION"), "grant.role"),
        (replace(TERMS, region=""), "grant.region"),
        (replace(TERMS, region="人民路"), "grant.region"),
        (replace(TERMS, level=5), "grant.level"),
        (replace(TERMS, valid_to=TERMS.valid_from), "grant.validity"),
        (replace(TERMS, form=" "), "grant.form"),
        (replace(TERMS, reason=" "), "account.reason"),
        (DEEP, "grant.second"),
        (replace(TERMS, region="990100"), "grant.second"),
    ],
)
def test_terms_that_do_not_hold_are_refused_in_words(hub: Hub, terms: Terms, rule: str) -> None:
    assert hub.refusal("liqiang", "SEC", give_grant(terms)) == rule


def test_what_reaches_deep_is_granted_by_two_and_names_both(hub: Hub) -> None:
    agreed = hub.approved(DEEP)
    hub.does("liqiang", "SEC", give_grant(DEEP, agreed))
    (given,) = hub.grants()
    assert (given.given_by, given.approved_by) == ("liqiang", "wangfang")
    used = hub.journal.situation.get(Approval, agreed)
    assert used is not None and used.state == "used"


def test_an_approval_of_other_terms_refused_late_or_used_is_none(hub: Hub) -> None:
    agreed = hub.approved(DEEP)
    assert hub.refusal("liqiang", "SEC", give_grant(replace(DEEP, level=4), agreed)) == "grant.second"
    assert hub.refusal("sunli", "SEC", give_grant(DEEP, agreed)) == "approval.other"
    hub.does("liqiang", "SEC", give_grant(DEEP, agreed))
    assert hub.refusal("liqiang", "SEC", give_grant(DEEP, agreed)) == "approval.used"
    assert hub.refusal("liqiang", "SEC", give_grant(DEEP, hub.approved(DEEP, False))) == "approval.not_given"
    late = hub.approved(DEEP)
    hub.clock.advance(30 * 60)
    assert hub.refusal("liqiang", "SEC", give_grant(DEEP, late)) == "approval.expired"


def test_nobody_approves_authority_for_himself(hub: Hub) -> None:
    own = replace(DEEP, account="wangfang", role="SUP")
    assert hub.refusal("liqiang", "SEC", give_grant(own, hub.approved(own))) == "grant.second"


@pytest.mark.parametrize("first", ["SYS", "SEC", "AUD"])
@pytest.mark.parametrize("second", PERSONS)
def test_no_account_holds_two_of_the_three_administrators(hub: Hub, first: str, second: str) -> None:
    hub.does("liqiang", "SEC", give_grant(replace(TERMS, role=first)))
    again = give_grant(replace(TERMS, role=second))
    if second in ("SYS", "SEC", "AUD") and second != first:
        assert hub.refusal("liqiang", "SEC", again) == "grant.apart"
        hub.does("liqiang", "SEC", revoke_grant(hub.grants()[0].id, "调岗"))
    hub.does("liqiang", "SEC", again)
    assert hub.grants()[-1].role is not None


def test_a_revoked_grant_says_by_whom_and_why_and_is_not_revoked_twice(hub: Hub) -> None:
    hub.does("liqiang", "SEC", give_grant(TERMS))
    given = hub.grants()[0].id
    assert hub.refusal("zhaomin", "SYS", revoke_grant(given, "离职")) == "account.role"
    assert hub.refusal("liqiang", "SEC", revoke_grant(given, "")) == "account.reason"
    hub.does("liqiang", "SEC", revoke_grant(given, "离职"))
    (ended,) = hub.grants()
    assert (ended.revoked_by, ended.revoke_reason, ended.revoked_at) == ("liqiang", "离职", hub.clock.now())
    assert hub.refusal("liqiang", "SEC", revoke_grant(given, "离职")) == "grant.revoked_already"
    assert hub.refusal("liqiang", "SEC", revoke_grant("grant:none", "离职")) == "grant.unknown"


def test_a_suspended_account_is_granted_nothing_until_it_is_restored(hub: Hub) -> None:
    hub.does("zhaomin", "SYS", suspend_account("chenjie", "九十天未用"))
    assert hub.refusal("liqiang", "SEC", give_grant(TERMS)) == "grant.out_of_service"
    hub.does("liqiang", "SEC", restore_account("chenjie", "复职"))
    hub.does("liqiang", "SEC", give_grant(TERMS))


def test_a_grant_that_a_street_writes_itself_is_folded_nowhere(tmp_path: Path, clock: ManualClock) -> None:
    street, other = enrolled(tmp_path, clock, "JD03", "JD04")
    told = (*set_fields("grant", "grant:mine", role="SUP"), *set_fields("account", "mine", state="active"))
    street.append([Draft("mine", "test", told)])
    exchange(street, other)
    for journal in (street, other):
        assert journal.situation.find(Grant) == [] == journal.situation.find(Account)
        journal.close()
