"""What a picture or a message says, put beside what the person typed. What the person typed always stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lachan.access.pages import actor_of, language
from lachan.access.uploads import MAX_FILE, too_large
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.kernel.time import clock_from_env
from lachan.reports import bank_messages, hints, outside, services
from lachan.reports.errors import MessageUnreadable, PictureTooLarge
from lachan.reports.hints import Doubt
from lachan.reports.pages.choices import institutions

DATE = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Read:
    """Fields by the names of the citizen's form, and what could not be taken as it stands."""

    found: dict[str, str]
    doubts: tuple[Doubt, ...]


def read_hint(request: HttpRequest, *, address: str = "") -> Read:
    """The fields that a picture and a message tell. `address`: where a stranger's browser is; its pictures are counted.

    Raises: what the readers say; MessageUnreadable for nothing at all; RateLimited.
    """
    found: dict[str, str] = {}
    doubts: list[Doubt] = []
    clock = clock_from_env()
    text = request.POST.get("message", "").strip()
    if text:
        told = bank_messages.of_message(text, now=clock.now())
        found, doubts = told.filled(), [*told.doubts]
    picture = request.FILES.get("picture")
    if too_large(request, "picture") or (picture is not None and (picture.size or 0) > MAX_FILE):
        raise PictureTooLarge(field="picture")
    if picture is not None:
        if address:
            services.allow_picture(actor=actor_of(request), address=address, clock=clock)
        found |= hints.of_payload(outside.qr_text(picture.read())).filled()
    if not (found or doubts):
        raise MessageUnreadable(field="message")
    known = dict(institutions(language()))
    for name in ("from_bank", "to_bank"):
        if name in found and found[name] not in known:
            doubts.append(Doubt(name, found.pop(name)))
    if "amount" in found:  # as the field itself groups it
        found["amount"] = Vnd(int(found["amount"])).grouped(language())
    return Read(found, tuple(doubts))


def merged(
    typed: Mapping[str, str], found: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """(what fills an empty field, what differs from a typed one and is left out)."""
    taken = {name: value for name, value in found.items() if not typed.get(name, "").strip()}
    differs = {
        name: value
        for name, value in found.items()
        if name not in taken and _plain(typed[name]) != _plain(value)
    }
    return taken, differs


def said(taken: Iterable[str], differs: Mapping[str, str], doubts: Iterable[Doubt]) -> list[str]:
    """Sentences: what was filled, what differs, what is doubtful."""
    words = _words()
    banks = dict(institutions(language()))

    def pairs(items: Iterable[tuple[str, str]]) -> str:
        return ", ".join(f"{words[name]} ({banks.get(value, value)})" for name, value in items if name in words)  # fmt: skip

    lines = []
    names = [words[name] for name in words if name in set(taken)]
    if names:
        lines.append(_("Đã điền: %s. Hãy xem lại từng ô trước khi gửi.") % ", ".join(names))
    if differs:
        lines.append(_("Khác với điều bạn đã ghi, nên giữ điều bạn ghi: %s.") % pairs(differs.items()))  # fmt: skip
    odd = pairs((one.field, one.given) for one in doubts)
    if odd:
        lines.append(_("Chưa chắc, hãy tự xem lại: %s.") % odd)
    return lines


def _words() -> dict[str, str]:
    return {
        "amount": _("số tiền"), "hour": _("giờ chuyển"), "day": _("ngày chuyển"), "at": _("giờ chuyển"),
        "from_bank": _("ngân hàng gửi"), "from_account": _("tài khoản gửi"), "to_bank": _("ngân hàng nhận"),
        "to_account": _("tài khoản nhận"), "ref": _("mã giao dịch"), "payee": _("tên người nhận"),
    }  # fmt: skip


def _plain(value: str) -> str:
    try:
        return str(Vnd.parse(value, language()).dong)
    except LachanError:
        return "".join(one for one in value.casefold() if one.isalnum())
