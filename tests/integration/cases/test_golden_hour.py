"""From a report on the telephone to paused money, a traced flow and a board row, without anybody's hand."""

from lachan.cases import queries
from lachan.cases.models import CaseRecord, LegRecord
from tests.integration.cases.conftest import WHY, World

M = 1_000_000
VICTIM, A, B, C = "970436:1001", "970415:2001", "970418:3001", "970422:4001"


def scam(world: World) -> str:
    world.fund(VICTIM, 600 * M)
    ref = world.pay(VICTIM, A, 500 * M, ago=600)
    world.pay(A, B, 80 * M, ago=570)
    world.pay(A, C, 80 * M, ago=550)
    world.pay(B, None, 80 * M, ago=500, kind="cash")
    return ref


def figures(case: CaseRecord) -> tuple[int, int, int, int, int]:
    return case.reported, case.held, case.moved_on, case.withdrawn, case.unresolved


def test_a_report_is_contained_traced_and_adds_up(world: World) -> None:
    filed = world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    assert filed.withheld == ""
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert case.code.startswith("VA-")
    assert figures(case) == (500 * M, 0, 0, 0, 500 * M)
    assert case.first_ask_at is not None
    world.pump()
    case.refresh_from_db()
    assert figures(case) == (500 * M, 420 * M, 0, 80 * M, 0)
    legs = {leg.account: leg for leg in LegRecord.objects.unscoped(reason=WHY)}
    assert {name: (leg.state, leg.held) for name, leg in legs.items()} == {
        A: ("STILL_HERE", 340 * M), B: ("CASHED_OUT", 0), C: ("STILL_HERE", 80 * M),
    }  # fmt: skip
    for leg in legs.values():
        assert leg.received == leg.held + leg.moved_on + leg.withdrawn + leg.unresolved


def test_the_board_shows_one_row_whose_figures_add_up(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    actor = world.actor("Trần Minh Trực")
    before = queries.board(actor)
    world.pump()
    board = queries.board(actor)
    (row,) = board.rows
    assert row.reported == row.held + row.moved_on + row.withdrawn + row.unresolved == 500 * M
    assert (row.waiting, row.next_act, board.no_shift) == (0, "take", False)
    assert board.version > before.version
    assert actor.unit_id is not None
    assert queries.board_version(actor.unit_id) == board.version


def test_holders_are_told_at_once_with_a_code_that_opens_their_door(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    (text,) = world.banks["970415"].notices
    assert "340.000.000" in text
    assert "KN-" in text
    assert "tự chấm dứt" in text
    assert "Nguyễn Thị Bị Hại" not in text


def test_the_figures_add_up_after_every_single_step(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    steps = 0
    while world.pump(rounds=1) or steps < 3:
        steps += 1
        case = CaseRecord.objects.unscoped(reason=WHY).get()
        assert sum(figures(case)[1:]) == case.reported == 500 * M
        for leg in LegRecord.objects.unscoped(reason=WHY):
            assert leg.received == leg.held + leg.moved_on + leg.withdrawn + leg.unresolved
            assert min(leg.held, leg.moved_on, leg.withdrawn, leg.unresolved) >= 0
        assert steps < 40
    assert steps >= 4
