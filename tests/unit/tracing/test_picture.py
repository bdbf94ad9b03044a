"""The picture of a money flow: the rules of interface §6 and its worked example."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.tracing.movements import Movement, movements_of
from lachan.tracing.picture import EXIT_LANE, layout
from lachan.tracing.picture_svg import svg
from lachan.tracing.replay import replay
from tests.oracles.tracing_ledgers import random_ledger

NINE = 1_795_572_000 // 3600 * 3600
M = 1_000_000
BANKS = {"V": "A", "M1": "B", "M3": "B", "M2": "C"}


def move(number: int, minute: int, src: str, dst: str, amount: int, **more: str) -> Movement:
    return Movement(
        f"e{number}", NINE + 60 * minute, number, src, dst, amount, {"v1": amount}, **more
    )


EXAMPLE = [
    move(1, 0, "V", "M1", 1_200 * M),
    move(2, 3, "M1", "M2", 700 * M),
    move(3, 4, "M1", "M3", 500 * M),
    move(4, 12, "M2", "cash", 200 * M, exit_kind="cash"),
]


def test_the_worked_example_of_the_interface_stands_where_it_should() -> None:
    picture = layout(EXAMPLE, BANKS.__getitem__)
    assert {node.ref: (node.x, node.y) for node in picture.nodes} == {
        "V": (96, 44),
        "M1": (272, 132),
        "M3": (448, 132),
        "M2": (448, 220),
        "cash": (624, 308),
    }
    assert [lane.code for lane in picture.lanes] == ["A", "B", "C", EXIT_LANE]
    assert {lane.height for lane in picture.lanes} == {88}
    edge = next(edge for edge in picture.edges if (edge.src, edge.dst) == ("M1", "M2"))
    assert edge.width == pytest.approx(7.19, abs=0.005)


def test_the_drawing_has_no_inline_style_and_escapes_names() -> None:
    drawn = svg(layout([move(1, 0, "V", '<b>"', 5)], lambda _: "A"), href=lambda ref: f"?a={ref}")
    assert "style=" not in drawn
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn


def test_both_languages_name_the_lane_of_exits() -> None:
    picture = layout(EXAMPLE, BANKS.__getitem__)
    assert "Đã rút / chuyển ra ngoài" in svg(picture)
    assert "Withdrawn / sent outside" in svg(picture, lang="en")


def test_money_that_comes_back_is_an_arc_with_words() -> None:
    picture = layout([*EXAMPLE, move(5, 20, "M2", "M1", 100 * M)], BANKS.__getitem__)
    back = next(edge for edge in picture.edges if (edge.src, edge.dst) == ("M2", "M1"))
    assert back.returns
    assert "quay lại" in svg(picture)


def test_twelve_leaves_of_one_payer_become_one_node_and_no_sum_changes() -> None:
    fan = [move(0, 0, "V", "M1", 130)] + [move(i, 1, "M1", f"L{i:02d}", 10) for i in range(1, 14)]
    separate = layout(fan, lambda _: "A", grouped=False)
    together = layout(fan, lambda _: "A")
    assert len(separate.nodes) == 15
    group = next(node for node in together.nodes if node.members)
    assert len(group.members) == 13
    assert sum(e.tainted for e in together.edges) == sum(e.tainted for e in separate.edges)
    assert "13 tài khoản" in svg(together)


def test_beyond_the_limit_the_largest_are_drawn_and_the_rest_is_counted() -> None:
    fan = [move(0, 0, "V", "M1", 500)] + [move(i, 1, "M1", f"L{i:03d}", i) for i in range(1, 21)]
    picture = layout(fan, lambda _: "A", most=10, grouped=False)
    assert len(picture.nodes) == 10
    assert (picture.left_out, picture.left_out_sum) == (12, sum(range(1, 13)))
    assert "Không vẽ 12 tài khoản" in svg(picture)


@given(st.integers(0, 2**32))
def test_any_order_of_input_gives_one_picture_with_its_properties(seed: int) -> None:
    ledger = random_ledger(seed, accounts=8)
    moves = list(movements_of(ledger, replay(ledger, "tainted_first")))
    picture = layout(moves, lambda ref: ref[-1], grouped=False)
    Random(seed).shuffle(moves)
    assert svg(layout(moves, lambda ref: ref[-1], grouped=False)) == svg(picture)
    assert sum(edge.tainted for edge in picture.edges) == sum(move.tainted for move in moves)
    spots = [(node.x, node.y) for node in picture.nodes]
    assert len(set(spots)) == len(spots)
    lanes = {lane.code: lane for lane in picture.lanes}
    for node in picture.nodes:
        lane = lanes[node.lane]
        assert lane.top <= node.y - 20
        assert node.y + 20 <= lane.top + lane.height
        if node.payer is not None:
            assert picture.by_ref[node.payer].col < node.col


@pytest.mark.parametrize(
    ("mark", "words"), [("held", "đang bị giữ"), ("never_block", "không được")]
)
def test_a_held_account_has_a_lock_and_a_never_block_one_a_shield(mark: str, words: str) -> None:
    drawn = svg(layout(EXAMPLE, BANKS.__getitem__), marks={"M1": mark})
    assert drawn.count("flow-icon") == 1
    assert words in drawn
