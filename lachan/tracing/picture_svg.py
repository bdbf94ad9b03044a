"""Draws a picture as SVG: no inline style (the content policy forbids it), no script.

Colours stand as attributes, so that a printed or downloaded picture needs no style sheet; classes let
a page's own rules win over them.

Every node is a link with `data-ref`, so that the table beside it and the keyboard can find it. Equal
pictures give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from html import escape
from typing import Final

from lachan.tracing.picture import EXIT_LANE, Edge, Node, Picture

ICT: Final = timezone(timedelta(hours=7))
NODE_WIDTH, NODE_HEIGHT = 128, 40
_STROKES: Final = {
    "flow-exit": "#A4161A",
    "flow-source": "#44546A",
    "flow-held": "#0B5D3B",
    "flow-never-block": "#57308C",
}
_ICONS: Final = {  # drawn, since a font may lack them
    "held": "M2 6V4a3 3 0 0 1 6 0v2h1v6H1V6zM4 6h2V4a1 1 0 0 0-2 0z",
    "never_block": "M5 0l5 2v4c0 4-3 6-5 7-2-1-5-3-5-7V2z",
}

_WORDS: Final = {
    "vi": {
        "title": "Sơ đồ dòng tiền",
        "exits": "Đã rút / chuyển ra ngoài",
        "returns": "quay lại",
        "accounts": "{n} tài khoản",
        "left_out": "Không vẽ {n} tài khoản, {sum} ₫; xem bảng.",
        "held": "đang bị giữ",
        "never_block": "không được phong tỏa",
        "cash": "Tiền mặt",
        "merchant": "Đơn vị bán hàng",
        "vasp": "Sàn tiền mã hóa",
        "foreign": "Nước ngoài",
        "other": "Nơi khác",
        "edge": "{src} → {dst}: {sum} ₫, {n} giao dịch, {first}–{last}",
    },
    "en": {
        "title": "Money flow",
        "exits": "Withdrawn / sent outside",
        "returns": "returns",
        "accounts": "{n} accounts",
        "left_out": "{n} accounts with {sum} ₫ are not drawn; see the table.",
        "held": "held",
        "never_block": "never to be blocked",
        "cash": "Cash",
        "merchant": "Merchant",
        "vasp": "Crypto platform",
        "foreign": "Abroad",
        "other": "Elsewhere",
        "edge": "{src} → {dst}: {sum} ₫, {n} transfers, {first}–{last}",
    },
}


def svg(
    picture: Picture,
    *,
    lang: str = "vi",
    lane_title: Callable[[str], str] = str,
    label: Callable[[str], str] = str,
    href: Callable[[str], str | None] = lambda _ref: None,
    marks: Mapping[str, str] | None = None,
) -> str:
    """The drawing. label: what may be shown of a node; marks: node to `held` or `never_block`.

    A node that the reader may not see gets its label from the caller; its sum stays.
    """
    words = _WORDS["en" if lang == "en" else "vi"]
    drawing = _Drawing(picture, words, lane_title, label, href, marks or {})
    return drawing.text()


class _Drawing:
    def __init__(  # noqa: PLR0917 - built in one place, just above
        self,
        picture: Picture,
        words: Mapping[str, str],
        lane_title: Callable[[str], str],
        label: Callable[[str], str],
        href: Callable[[str], str | None],
        marks: Mapping[str, str],
    ) -> None:
        self.picture = picture
        self.words = words
        self.lane_title = lane_title
        self.label = label
        self.href = href
        self.marks = marks

    def text(self) -> str:
        picture, words = self.picture, self.words
        height = picture.height + (24 if picture.left_out else 0)
        out = [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="group" '
                f'aria-label="{words["title"]}" viewBox="0 0 {picture.width} {height}" font-size="12" '
                f'width="{picture.width}" height="{height}">'
            ),
            (
                '<defs><marker id="flow-arrow" class="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" '
                'markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
                '<path d="M0 0L8 4L0 8z" fill="#44546A"/></marker></defs>'
            ),
        ]
        for index, lane in enumerate(picture.lanes):
            title = words["exits"] if lane.code == EXIT_LANE else self.lane_title(lane.code)
            shade = "flow-lane flow-lane-odd" if index % 2 else "flow-lane"
            out.append(
                f'<rect class="{shade}" x="0" y="{lane.top}" width="{picture.width}" '
                f'height="{lane.height}" fill="{"#FFFFFF" if index % 2 else "#F3F5F7"}"/>'
                f'<text class="flow-lane-title" font-weight="600" x="8" y="{lane.top + 16}">{escape(title)}</text>'
            )
        out += [self.edge(edge) for edge in picture.edges]
        out += [self.node(node) for node in picture.nodes]
        if picture.left_out:
            note = words["left_out"].format(n=picture.left_out, sum=grouped(picture.left_out_sum))
            out.append(
                f'<text class="flow-note" x="8" y="{picture.height + 16}">{escape(note)}</text>'
            )
        out.append("</svg>")
        return "\n".join(out) + "\n"

    def edge(self, edge: Edge) -> str:
        src, dst = self.picture.by_ref[edge.src], self.picture.by_ref[edge.dst]
        about = escape(
            self.words["edge"].format(
                src=self.name(src),
                dst=self.name(dst),
                sum=grouped(edge.tainted),
                n=edge.count,
                first=_clock(edge.first),
                last=_clock(edge.last),
            )
        )
        data = f'data-src="{escape(edge.src)}" data-dst="{escape(edge.dst)}"'
        half = NODE_WIDTH // 2
        if not edge.returns:
            x1, x2 = src.x + half, dst.x - half
            bend = (x2 - x1) // 2
            path = f"M{x1} {src.y}C{x1 + bend} {src.y} {x2 - bend} {dst.y} {x2} {dst.y}"
            return (
                f'<g class="flow-edge" {data}><title>{about}</title>'
                f'<path d="{path}" fill="none" stroke="#7F93A8" stroke-width="{edge.width:.2f}"/></g>'
            )
        low = max(src.y, dst.y) + 44
        path = f"M{src.x} {src.y + 20}C{src.x} {low} {dst.x} {low} {dst.x} {dst.y + 20}"
        middle = (src.x + dst.x) // 2
        return (
            f'<g class="flow-edge flow-edge-back" {data}><title>{about}</title>'
            f'<path d="{path}" fill="none" stroke="#44546A" stroke-width="{edge.width:.2f}" '
            'marker-end="url(#flow-arrow)"/>'
            f'<text class="flow-back" text-anchor="middle" x="{middle}" y="{low - 4}">{self.words["returns"]}</text></g>'
        )

    def node(self, node: Node) -> str:
        left, top = node.x - NODE_WIDTH // 2, node.y - NODE_HEIGHT // 2
        mark = self.marks.get(node.ref)
        classes = ["flow-node"]
        if node.exit_kind is not None:
            classes.append("flow-exit")
        if node.payer is None:
            classes.append("flow-source")
        if node.members:
            classes.append("flow-group")
        if mark is not None:
            classes.append(f"flow-{mark.replace('_', '-')}")
        amount = node.received or node.passed_on
        said = f" ({self.words[mark]})" if mark in self.words and mark is not None else ""
        body = (
            f"<title>{escape(self.name(node) + said)}: {grouped(amount)} ₫</title>"
            f'<rect x="{left}" y="{top}" width="{NODE_WIDTH}" height="{NODE_HEIGHT}" rx="6" '
            f'fill="#FFFFFF" stroke="{_STROKES.get(classes[-1], "#0B4F6C")}" stroke-width="1.5"/>'
            f'<text class="flow-name" text-anchor="middle" x="{node.x}" y="{node.y - 4}">'
            f"{escape(self.name(node))}</text>"
            f'<text class="flow-sum" text-anchor="middle" x="{node.x}" y="{node.y + 13}">{grouped(amount)} ₫</text>'
        )
        if mark in _ICONS and mark is not None:
            body += (
                f'<path class="flow-icon" d="{_ICONS[mark]}" fill="{_STROKES[classes[-1]]}" '
                f'fill-rule="evenodd" transform="translate({left + 6} {top + 5})"/>'
            )
        where = self.href(node.ref)
        data = f'data-ref="{escape(node.ref)}"'
        if where is None:
            return f'<g class="{" ".join(classes)}" {data}>{body}</g>'
        return f'<a class="{" ".join(classes)}" href="{escape(where)}" {data}>{body}</a>'

    def name(self, node: Node) -> str:
        if node.members:
            return self.words["accounts"].format(n=len(node.members))
        if node.exit_kind is not None and node.ref == node.exit_kind:
            return self.words.get(node.exit_kind, node.ref)
        return self.label(node.ref)


def grouped(amount: int) -> str:
    """1234000000 as `1.234.000.000`."""
    return f"{amount:,}".replace(",", ".")


def _clock(moment: int) -> str:
    return datetime.fromtimestamp(moment, ICT).strftime("%H:%M")
