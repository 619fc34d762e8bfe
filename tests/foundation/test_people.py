"""People: duplicates joined and parted again; consent; phone codes; scope keys."""

from __future__ import annotations

import pytest

from fahui.casework.cases.models import Case, CaseParty
from fahui.foundation.accounts import actions as accounts
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import HeldPost, ranges_of, reading_as, scope_key
from fahui.foundation.errors import Conflict, Forbidden, Invalid
from fahui.foundation.people.actions import Person, make_party, merge_parties, undo_merge
from fahui.foundation.people.models import Party
from fahui.foundation.people.queries import parties_by_phone, phone_of
from tests.cast import Cast, wage_claim


def test_a_phone_is_found_by_its_number_and_stored_unreadable(system: None):
    party = make_party(Person(name="张三", phone="137 0000 0001"))
    party.save(force_insert=True)
    stored = Party.objects.get()
    assert b"13700000001" not in bytes(stored.phone)
    assert parties_by_phone("13700000001").get().pk == stored.pk and phone_of(stored) == "13700000001"
    assert not parties_by_phone("13700000002").exists() and not parties_by_phone("abc").exists()


def test_two_records_of_one_person_are_joined_and_parted_exactly(cast: Cast):
    clerk = cast["clerk"]
    with reading_as(clerk):
        first = wage_claim(clerk)
        second = wage_claim(clerk, details={"claim_fen": 5})
    keep, merge = first.applicant_id, second.applicant_id
    record = merge_parties(clerk, keep, merge, "同一手机号")
    assert set(Case.objects.values_list("applicant_id", flat=True)) == {keep}
    assert CaseParty.objects.filter(party_id=merge).count() == 0
    with pytest.raises(Conflict):
        merge_parties(clerk, keep, merge, "again")
    undo_merge(clerk, record.pk)
    assert Case.objects.get(pk=second.pk).applicant_id == merge
    assert Party.objects.get(pk=merge).merged_into_id is None
    with pytest.raises(Conflict):
        undo_merge(clerk, record.pk)


def test_one_person_entered_twice_in_one_matter_can_be_joined_and_parted(cast: Cast):
    clerk = cast["clerk"]
    with reading_as(clerk):
        case, other = wage_claim(clerk), wage_claim(clerk, details={"claim_fen": 5})
    keep, merge = case.applicant_id, other.applicant_id
    role = CaseParty.objects.get(case=case, party_id=keep).role
    CaseParty.objects.create(case=case, party_id=merge, role=role)
    before = set(CaseParty.objects.values_list("pk", "party_id"))
    record = merge_parties(clerk, keep, merge, "同一个人登记了两次")
    assert Case.objects.get(pk=other.pk).applicant_id == keep
    undo_merge(clerk, record.pk)
    assert set(CaseParty.objects.values_list("pk", "party_id")) == before


def test_joins_of_joins_are_parted_from_the_last_one_back(cast: Cast):
    clerk = cast["clerk"]
    with reading_as(clerk):
        cases = [wage_claim(clerk, details={"claim_fen": fen}) for fen in (1, 2, 3)]
    a, b, c = (case.applicant_id for case in cases)
    first = merge_parties(clerk, b, a, "x")
    second = merge_parties(clerk, c, b, "x")
    with pytest.raises(Conflict, match="先撤销后来的"):
        undo_merge(clerk, first.pk)  # else the second undo would take along what is the first one's
    undo_merge(clerk, second.pk)
    undo_merge(clerk, first.pk)
    assert [Case.objects.get(pk=case.pk).applicant_id for case in cases] == [a, b, c]


def test_people_with_different_identity_numbers_are_never_joined(cast: Cast):
    parties = [make_party(Person(name="甲", identity=number)) for number in ("11010519491231002X", "110101199003076675")]
    for party in parties:
        party.save(force_insert=True)
    with pytest.raises(Invalid, match="身份证号不同"):
        merge_parties(cast["clerk"], parties[0].pk, parties[1].pk, "x")


def test_a_lawyer_may_not_join_records(cast: Cast):
    with pytest.raises(Forbidden):
        merge_parties(cast["leader"].__class__("staff"), 1, 2, "x")


def test_a_phone_code_works_once_and_five_wrong_tries_end_it(system: None):
    code = accounts.send_code("13700000001")
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(accounts.WrongCode):
            accounts.check_code("13700000001", wrong)
    with pytest.raises(accounts.TooMany):
        accounts.check_code("13700000001", code)
    code = accounts.send_code("13700000001")
    accounts.check_code("13700000001", code)
    with pytest.raises(Invalid):
        accounts.check_code("13700000001", code)


def test_codes_are_not_sent_without_end(system: None):
    for _ in range(5):
        accounts.send_code("13700000001")
    with pytest.raises(accounts.TooMany):
        accounts.send_code("13700000001")


def test_a_post_reaches_its_service_in_its_jurisdiction_and_nothing_else():
    numbers = {"consultation": 1, "legal_aid": 2}
    post = HeldPost(Role.AID_REVIEWER, 511112000000, "legal_aid", None, False)
    ranges = ranges_of([post], numbers)
    sees = lambda service, region: any(low <= scope_key(service, region) < high for low, high in ranges)  # noqa: E731
    assert sees(2, 511112101000) and sees(2, 511112000000)
    assert not sees(1, 511112101000) and not sees(2, 511113000000) and not sees(2, 511100000000)
    assert ranges_of([HeldPost(Role.SYSTEM_ADMIN, 511100000000, "*", None, True)], numbers) == ()


def test_only_an_administrator_of_the_region_makes_accounts(cast: Cast):
    post = [{"role": "window_clerk", "region_code": 511112000000}]
    with pytest.raises(Forbidden):
        accounts.make_staff(cast["clerk"], "x1", "x", "long-enough-1", post)
    assert accounts.make_staff(cast["admin"], "x1", "x", "long-enough-1", post).pk
    with pytest.raises(Conflict):
        accounts.make_staff(cast["admin"], "X1", "x", "long-enough-1", [{"role": "window_clerk", "region_code": 511112000000}])
    with pytest.raises(Forbidden):
        accounts.make_staff(cast["admin"], "x2", "x", "long-enough-1", [{"role": "window_clerk", "region_code": 120000000000}])
