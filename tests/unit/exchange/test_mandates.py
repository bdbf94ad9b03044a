"""By what right: the first row that does not carry a message answers, and shortening a row never lets more through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.kinds import Priority, all_kinds, kind
from lachan.exchange.mandate_errors import MandateRefused
from lachan.exchange.mandate_facts import AskFacts, OrderFollowed
from lachan.exchange.mandate_rows import CatalogueWrong, ensure_rows, read_rows
from lachan.exchange.mandate_signers import required
from lachan.exchange.mandates import Catalogue
from lachan.exchange.manifest import MandateRef, SignerNeed
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire
from lachan.members.roles import MemberKind
from lachan.profiles.load import load_profile

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
DEMO = load_profile("demo").catalogue
VN = load_profile("vn").catalogue
TWO = (SignerNeed(role="investigator"), SignerNeed(role="unit_head"))
DUTY = (SignerNeed(role="duty_officer"),)


def ref(code: str = "VN.ND52.11", **changed) -> MandateRef:
    given_fields = {
        "code": code,
        "version": 1,
        "stage": "verify",
        "case_ref": "VA-1",
        "valid_until": to_wire(NOW + timedelta(days=1)),
        "subjects": 1,
        "cap_vnd": 60,
        "lease_until": to_wire(NOW + timedelta(hours=72)),
    }
    return MandateRef(**{**given_fields, **changed})


def facts(name: str = "hold", **changed) -> AskFacts:
    given_fields = {
        "kind": kind(name),
        "priority": Priority.P0,
        "purpose": "GLD",
        "sender": "vn/police/a05",
        "sender_kind": MemberKind.POLICE,
        "receiver_kind": MemberKind.BANK,
        "required": TWO,
        "at": NOW,
        "forms": frozenset({"jws"}),
    }
    return AskFacts(**{**given_fields, **changed})


def refused(refs, given_facts, catalogue: Catalogue = DEMO) -> MandateRefused:
    with pytest.raises(MandateRefused) as caught:
        catalogue.ensure(refs, given_facts)
    assert caught.value.message("vi")
    lines = catalogue.check(refs, given_facts)
    assert [line.ok for line in lines].count(False) == 1
    assert not lines[-1].ok
    return caught.value


def test_a_hold_within_its_row_passes_every_step_in_order():
    lines = DEMO.check([ref()], facts(amount=60, lease_until=NOW, subjects=1))
    assert all(line.ok for line in lines)
    assert [line.step for line in lines] == [
        "known", "in_force", "adopted", "kind", "stage", "asker", "answerer",
        "signers", "document", "cap", "lease", "subjects", "never_block",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fact", "reason"),
    [
        ({"code": "VN.NONE"}, {}, "MANDATE_UNKNOWN"),
        ({"version": 9}, {}, "MANDATE_UNKNOWN"),
        ({"valid_until": to_wire(NOW)}, {}, "MANDATE_EXPIRED"),
        ({}, {"at": datetime(2020, 1, 1, tzinfo=UTC)}, "MANDATE_EXPIRED"),
        ({}, {"purpose": "CLN"}, "OUT_OF_SCOPE"),
        ({"stage": "trial"}, {}, "STAGE_NOT_PERMITTED"),
        ({}, {"sender_kind": MemberKind.BANK}, "ASKER_NOT_ALLOWED"),
        ({}, {"receiver_kind": MemberKind.TELECOM}, "OUT_OF_SCOPE"),
        ({}, {"required": DUTY}, "SIGNERS_INSUFFICIENT"),
        ({}, {"required": (*TWO, *DUTY)}, "SIGNERS_INSUFFICIENT"),
        ({}, {"forms": frozenset({"telepathy"})}, "SIGNERS_INSUFFICIENT"),
        ({"cap_vnd": None}, {}, "AMOUNT_OVER_CAP"),
        ({}, {"amount": 61}, "AMOUNT_OVER_CAP"),
        ({"lease_until": None}, {}, "LEASE_TOO_LONG"),
        ({"lease_until": to_wire(NOW + timedelta(hours=72, seconds=1))}, {}, "LEASE_TOO_LONG"),
        ({}, {"lease_until": NOW + timedelta(hours=73)}, "LEASE_TOO_LONG"),
        ({}, {"subjects": 2}, "TOO_BROAD"),
        ({}, {"protected": True}, "PROTECTED_SUBJECT"),
    ],
)
def test_the_first_failure_answers_by_its_reason(change, fact, reason):
    assert refused([ref(**change)], facts(**fact)).reason == reason


def test_an_unadopted_row_carries_only_test_messages():
    assert refused([ref()], facts(forms=frozenset({"pkcs11"})), VN).reason == "NOT_ADOPTED"
    VN.ensure([ref()], facts(test=True))


def test_both_rows_of_an_alternative_must_be_named():
    given_facts = facts("trace_credit", required=DUTY)
    one, two = ref("VN.BLTTHS.88", stage="report"), ref("VN.LCTCTD.13", stage="report")
    DEMO.ensure([one, two], given_facts)
    for refs in ([one], [two], [], [one, two, ref()]):
        assert refused(refs, given_facts).reason == "OUT_OF_SCOPE"


def test_at_the_stage_of_a_report_only_the_golden_hours_questions_go():
    one = ref("VN.BLTTHS.88", stage="report")
    DEMO.ensure([one], facts("confirm_transfer", required=DUTY))
    later = facts("confirm_transfer", required=TWO, priority=Priority.P1)
    assert refused([one], later).reason == "STAGE_NOT_PERMITTED"
    subscriber = facts(
        "identify_subscriber", required=TWO, receiver_kind=MemberKind.TELECOM, purpose="INV"
    )
    refs = [one, ref("VN.ND163", stage="report")]
    assert refused(refs, subscriber).reason == "STAGE_NOT_PERMITTED"


def test_the_least_cap_binds():
    rows = tuple(
        msgspec.structs.replace(row, kinds=(*row.kinds, "hold"), cap_vnd=50)
        if row.code == "VN.ND52.11"
        else row
        for row in DEMO.rows
    )
    assert refused([ref(cap_vnd=51)], facts(), Catalogue(rows)).reason == "AMOUNT_OVER_CAP"
    Catalogue(rows).ensure([ref(cap_vnd=50)], facts(amount=50))


def test_a_document_that_a_row_requires_must_be_there():
    rows = tuple(msgspec.structs.replace(row, document_required=True) for row in DEMO.rows)
    assert refused([ref()], facts(), Catalogue(rows)).code == "exchange.mandate_document"
    Catalogue(rows).ensure([ref(document_part="order.pdf")], facts())


def test_a_row_may_name_its_only_askers():
    rows = tuple(msgspec.structs.replace(row, agency_only=("vn/police/c02",)) for row in DEMO.rows)
    assert refused([ref()], facts(), Catalogue(rows)).reason == "ASKER_NOT_ALLOWED"


def test_a_pause_ends_with_the_earlier_of_72_hours_and_three_working_days():
    wednesday = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
    given_facts = facts("pause", required=DUTY, at=wednesday, standing=True, forms=frozenset())
    good = ref(
        "VN.AML22.44",
        stage="none",
        valid_until=to_wire(wednesday + timedelta(days=1)),
        lease_until=to_wire(wednesday + timedelta(hours=72)),
    )
    DEMO.ensure([good], given_facts)
    over = msgspec.structs.replace(good, lease_until=to_wire(wednesday + timedelta(hours=73)))
    assert refused([over], given_facts).reason == "LEASE_TOO_LONG"


def test_what_follows_an_order_stands_on_its_mandates_at_its_log_time():
    order = OrderFollowed(
        h="a" * 64,
        kind="hold",
        sender="vn/police/a05",
        mandates=(ref(),),
        logged_at=NOW - timedelta(days=1),
    )
    needs = required(kind("release"), (), priority=Priority.P0, sender_kind=MemberKind.POLICE)
    given_facts = facts("release", required=needs, follows=order)
    DEMO.ensure([ref()], given_facts)
    DEMO.ensure([ref()], msgspec.structs.replace(given_facts, follows=None))
    VN.ensure([ref()], given_facts)  # a release is never delayed by an unverified rule
    assert refused([ref("VN.AML22.44")], given_facts).reason == "OUT_OF_SCOPE"
    assert (
        refused([ref()], msgspec.structs.replace(given_facts, required=TWO)).reason
        == "SIGNERS_INSUFFICIENT"
    )
    unknown = msgspec.structs.replace(order, mandates=(ref("VN.X"),))
    assert (
        refused([ref("VN.X")], msgspec.structs.replace(given_facts, follows=unknown)).reason
        == "MANDATE_UNKNOWN"
    )
    old = msgspec.structs.replace(order, logged_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert (
        refused([ref()], msgspec.structs.replace(given_facts, follows=old)).reason
        == "MANDATE_EXPIRED"
    )


def test_signers_are_the_union_over_the_rows():
    rows = [DEMO.row("VN.BLTTHS.88"), DEMO.row("VN.LCTCTD.13")]
    ask = {"sender_kind": MemberKind.POLICE}
    assert DEMO.required(kind("trace_credit"), rows, priority=Priority.P0, **ask) == DUTY
    assert DEMO.required(kind("provide_account_holder"), rows, priority=Priority.P1, **ask) == TWO
    renewal = DEMO.required(kind("renew"), [DEMO.row("VN.ND52.11")], priority=Priority.P1, **ask)
    assert renewal == (SignerNeed(role="unit_head", distinct_unit_from="order"),)
    pause_row = [DEMO.row("VN.AML22.44")]
    by_bank = DEMO.required(
        kind("pause"), pause_row, priority=Priority.P0, sender_kind=MemberKind.BANK
    )
    assert by_bank == (SignerNeed(role="desk"),)
    assert (
        DEMO.required(
            kind("confirm_transfer"), [DEMO.row("VN.CD29.4B")], priority=Priority.P0, **ask
        )
        == ()
    )


def test_a_stricter_need_of_another_row_wins():
    renew_row = DEMO.row("VN.ND52.11")
    plain = msgspec.structs.replace(
        renew_row,
        code="B",
        signing=(msgspec.structs.replace(renew_row.signing[0], signers=(TWO[1],), kinds=()),),
    )
    found = required(
        kind("renew"), [plain, renew_row], priority=Priority.P1, sender_kind=MemberKind.POLICE
    )
    assert found[0].distinct_unit_from == "order"


def test_the_board_is_told_which_rows_may_be_used_now():
    ask = {"sender_kind": MemberKind.POLICE, "priority": Priority.P0, "at": NOW, "purpose": "GLD"}
    rows = DEMO.usable_alternative(kind("trace_credit"), stage="report", **ask)
    assert [row.code for row in rows] == ["VN.BLTTHS.88", "VN.LCTCTD.13"]
    assert VN.usable_alternative(kind("trace_credit"), stage="report", **ask) is None
    only = VN.usable_alternative(kind("confirm_transfer"), stage="report", **ask)
    assert [row.code for row in only] == ["VN.CD29.4B"]


def test_a_catalogue_travels_with_its_hash():
    again = Catalogue.from_bytes(DEMO.to_bytes())
    assert again.hash == DEMO.hash
    assert Catalogue(tuple(reversed(DEMO.rows))).hash == DEMO.hash
    for raw in (b'{"rows":[{}]}', b"{}", b"[]"):
        with pytest.raises(SchemaMismatch):
            Catalogue.from_bytes(raw)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "cap_vnd": st.integers(0, 100),
        "lease_until": st.integers(0, 100).map(lambda h: to_wire(NOW + timedelta(hours=h))),
        "subjects": st.integers(0, 3),
        "stage": st.sampled_from(["report", "verify", "trial"]),
    },
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.integers(0, 100),
        "lease_until": st.integers(0, 100).map(lambda h: NOW + timedelta(hours=h)),
        "subjects": st.integers(0, 3),
        "protected": st.booleans(),
    },
)


@given(CHANGES, FACTS, st.integers(1, 80), st.integers(0, 90))
def test_shortening_a_lease_or_lowering_a_cap_never_lets_more_pass(change, fact, hours, cap):
    narrow = tuple(
        msgspec.structs.replace(row, max_lease=f"PT{min(hours, 72)}H", cap_vnd=cap)
        if row.code == "VN.ND52.11"
        else row
        for row in DEMO.rows
    )
    lines = Catalogue(narrow).check([ref(**change)], facts(**fact))
    if all(line.ok for line in lines):
        DEMO.ensure([ref(**change)], facts(**fact))


# --- the loader -------------------------------------------------------------------------------

HOLD_ROW = VN.row("VN.ND52.11")
FREEZE = msgspec.structs.replace(HOLD_ROW, kinds=("freeze",), review="P90D", renewal_lease=None)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (msgspec.structs.replace(HOLD_ROW, kinds=("hlod",)), "unknown kind"),
        (
            msgspec.structs.replace(
                HOLD_ROW,
                signing=(
                    msgspec.structs.replace(
                        HOLD_ROW.signing[0], signers=(SignerNeed(role="emperor"),)
                    ),
                ),
            ),
            "unknown role",
        ),
        (msgspec.structs.replace(HOLD_ROW, purposes=()), "no purposes"),
        (msgspec.structs.replace(HOLD_ROW, cap="much"), "outside its list"),
        (msgspec.structs.replace(HOLD_ROW, signer_forms=("wax",)), "unknown form"),
        (msgspec.structs.replace(HOLD_ROW, max_lease=None), "no max_lease"),
        (msgspec.structs.replace(HOLD_ROW, renewal_lease=None), "no renewal_lease"),
        (msgspec.structs.replace(HOLD_ROW, max_lease="3 days"), "duration"),
        (msgspec.structs.replace(HOLD_ROW, cap="none"), "no cap"),
        (msgspec.structs.replace(FREEZE, review=None, max_lease=None), "review date"),
        (msgspec.structs.replace(HOLD_ROW, signer_forms=("jws",)), "jws on a live hold"),
        (msgspec.structs.replace(HOLD_ROW, verified=True), "verified without"),
        (
            msgspec.structs.replace(HOLD_ROW, verified=True, grade="S", reviewer="x"),
            "verified without",
        ),
    ],
)
def test_a_row_that_must_not_be_used_stops_the_loader(row, why):
    with pytest.raises(CatalogueWrong) as stopped:
        ensure_rows([row], file="f.toml", at=NOW, jws_admitted=False)
    assert why in stopped.value.message("en")
    assert stopped.value.values["right"]


def test_two_rows_of_one_code_in_force_stop_the_loader():
    newer = msgspec.structs.replace(HOLD_ROW, version=2)
    with pytest.raises(CatalogueWrong, match="two rows"):
        ensure_rows([HOLD_ROW, newer], file="f", at=NOW, jws_admitted=False)
    closed = msgspec.structs.replace(HOLD_ROW, valid_to=to_wire(NOW - timedelta(days=1)))
    ensure_rows([closed, newer], file="f", at=NOW, jws_admitted=False)


def test_a_table_with_an_unknown_word_names_file_and_row():
    with pytest.raises(CatalogueWrong) as stopped:
        read_rows([{"code": "VN.X", "colour": "red"}], file="f.toml")
    assert stopped.value.values["mandate"] == "VN.X"


def test_every_kind_has_a_row_a_purpose_and_a_deadline_for_each_answerer():
    for declared in all_kinds().values():
        if declared.follows:
            assert declared.follow_roles
            assert declared.follows <= set(all_kinds())
            continue
        for answerer in declared.answerers:
            found = [
                codes
                for codes in DEMO.alternatives(declared)
                if all(
                    answerer in DEMO.row(code).answerers
                    and declared.name in DEMO.row(code).kinds
                    and DEMO.row(code).purposes
                    for code in codes
                )
            ]
            assert found, (declared.name, answerer)
        assert declared.due.golden_hour.total_seconds > 0


@given(st.sets(st.sampled_from(["VN.BLTTHS.88", "VN.LCTCTD.13", "VN.AML22.44", "VN.ND52.11A"])))
def test_the_automatic_path_sends_exactly_what_adopted_rows_allow(adopted):
    rows = tuple(
        msgspec.structs.replace(row, adopted_by="x", adopted_at="2026-01-01T00:00:00.000Z")
        if row.code in adopted
        else row
        for row in VN.rows
    )
    catalogue = Catalogue(rows, VN.calendar)
    sent = set()
    for name in ("confirm_transfer", "pause", "trace_credit"):
        usable = catalogue.usable_alternative(
            kind(name),
            sender_kind=MemberKind.POLICE,
            stage="report",
            priority=Priority.P0,
            at=NOW,
            purpose="GLD",
        )
        if usable is None:
            continue
        needs = required(kind(name), usable, priority=Priority.P0, sender_kind=MemberKind.POLICE)
        refs = [
            ref(row.code, stage="report", lease_until=to_wire(NOW + timedelta(hours=24)))
            for row in usable
        ]
        catalogue.ensure(refs, facts(name, required=needs, standing=True, forms=frozenset()))
        sent.add(name)
    assert "confirm_transfer" in sent  # the telegram's own text is verified
    assert ("trace_credit" in sent) == ({"VN.BLTTHS.88", "VN.LCTCTD.13"} <= adopted)
    assert ("pause" in sent) == bool({"VN.AML22.44", "VN.ND52.11A"} & adopted)


def test_every_refusal_is_one_of_ours():
    assert issubclass(MandateRefused, LachanError)
