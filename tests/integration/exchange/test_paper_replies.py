"""What a member brings on paper is read as hostile input, waits for a signature, and reaches the asker as an answer."""

import hashlib
import io
import json
import os
import time
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from django.test import Client
from msgspec.structs import replace

from lachan.access.bus import on
from lachan.access.errors import NotAllowed, NotVisible
from lachan.access.models import AccessRecord
from lachan.access.purposes import Purpose
from lachan.access.sessions import begin
from lachan.adapters.drop import incoming as files
from lachan.adapters.drop.incoming import Incoming
from lachan.adapters.drop.outgoing import member_folder
from lachan.exchange import receiving, replies
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import StateConflict
from lachan.exchange.events import Answered
from lachan.exchange.kinds import kind
from lachan.exchange.lines import lines
from lachan.exchange.models import ConversationRecord, MessageRecord
from lachan.exchange.opening import open_part
from lachan.exchange.paper_models import PaperReply
from lachan.exchange.signer_errors import SignerUnknown
from lachan.exchange.verify_signers import check_approvals
from lachan.members import services as members
from lachan.members.directory import Directory
from lachan.members.directory_rows import MemberRow
from lachan.members.roles import Connection, MemberKind, Role
from lachan.web import paper as edge
from lachan.web import paper_desk, paper_replies
from tests.integration.exchange import paper
from tests.integration.exchange.conftest import A05, Bank
from tests.integration.exchange.paper import PAPER, WHY
from tests.integration.members.conftest import CENTRE, PASSPHRASE, Deployment

HEAD = "Mã giao dịch;Thứ tự ghi sổ;Lúc;Chiều;Số tiền"
LINE = "FT1;1;08:00 05/01/2026;Ghi có;1.000.000"
GOOD = f"\ufeff{HEAD}\n{LINE}\n".encode()
SCAN = b"%PDF-1.7 a scan"
HEARD: list[Answered] = []


@on(Answered)
def hear(fact: Answered) -> None:
    HEARD.append(fact)


@dataclass
class Drop:
    """The bank's folders and the code of its order."""

    home: Path
    code: str
    country: Deployment

    def bring(self, name: str, data: bytes, *, ago: float = 60) -> Path:
        path = self.home / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        at = time.time() - ago
        os.utime(path, (at, at))
        return path

    def turn(self) -> None:
        paper_replies.sweep(Incoming(self.home.parent), clock=self.country.clock)

    @property
    def waiting(self) -> list[str]:
        return paper.names(self.home / "in")

    @property
    def reasons(self) -> dict[str, str]:
        """Name of what came back → what stands beside it."""
        back = self.home / "out" / "tra-lai"
        found = [one for one in paper.names(back) if one.endswith(".ly-do.txt")]
        return {one: (back / one).read_text(encoding="utf-8") for one in found}

    @property
    def kept(self) -> list[PaperReply]:
        return list(PaperReply.objects.unscoped(reason=WHY))


@pytest.fixture
def drop(bank: Bank, country: Deployment, data_folder: Path) -> Drop:
    """A statement was asked for and printed; the bank's desk and the centre have people."""
    HEARD.clear()
    paper.join(country)
    country.enrol("Vũ Thị Bàn", PAPER, "desk", Role.DESK)
    country.enrol("Đỗ Văn Soi", PAPER, "desk", Role.LIAISON)
    country.enrol("Hồ Thị Tiếp", CENTRE, "office", Role.CITIZEN_OFFICE)
    paper.publish(country)
    paper.ask_statement(country)
    assert paper.send(country) == ["SENT"]
    edge.sweep(clock=country.clock)
    home = member_folder(data_folder / "paper", PAPER)
    (code,) = (one.removesuffix(".pdf") for one in paper.names(home / "out") if one[-4:] == ".pdf")
    return Drop(home, code, country)


def reply(drop: Drop) -> PaperReply:
    drop.bring(f"{drop.code}.csv", GOOD)
    drop.bring(f"{drop.code}-quet.pdf", SCAN)
    drop.turn()
    (kept,) = drop.kept
    return kept


def sign(drop: Drop, kept: PaperReply, name: str) -> str:
    return replies.transcribe(
        drop.country.actor(name), reply_id=kept.pk, passphrase=PASSPHRASE, totp=drop.country.code(name),
        clock=drop.country.clock,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "role"), [("Vũ Thị Bàn", "desk"), ("Hồ Thị Tiếp", "citizen_office"), ("Lê Thị Một", "registrar")])  # fmt: skip
def test_a_signed_reply_reaches_the_asker_with_its_lines_and_the_scans_hash(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, name: str, role: str
) -> None:
    kept = reply(drop)
    assert drop.waiting == []
    assert HEARD == []  # nothing leaves before a person has signed
    monkeypatch.setattr("lachan.members.unlocking.SystemClock", lambda: drop.country.machine)
    h = sign(drop, kept, name)
    assert paper.send(drop.country) == ["SENT"]
    for delivery in receiving.waiting(now=drop.country.clock.now()):
        assert receiving.take(delivery=delivery, clock=drop.country.clock) == "taken"
    (fact,) = HEARD
    assert (fact.h, fact.answer.account) == (h, "970499:1001001001")  # type: ignore[attr-defined]
    record = MessageRecord.objects.unscoped(reason=WHY).get(h=h)
    envelope = Envelope.from_bytes(bytes(record.envelope))
    (approval,) = envelope.approvals
    assert (approval.act, approval.role) == ("transcribed", role)
    own = members.decryption_keys(A05)[0]
    scan = json.loads(open_part(envelope, "scan", own))
    assert scan == {"sha256": hashlib.sha256(SCAN).hexdigest(), "size": len(SCAN)}
    told = lines(drop.country.actor("Trần Minh Trực", Purpose.INV), record.conversation)
    assert told is not None
    assert [row.amount for row in told.rows] == [1_000_000]  # type: ignore[attr-defined]
    with pytest.raises(StateConflict):
        sign(drop, kept, name)


@pytest.mark.parametrize("change", [{"connection": Connection.CONNECTED}, {"kind": MemberKind.POLICE}])  # fmt: skip
def test_the_centres_office_types_for_paper_members_only(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    """The same signed answer, had its sender been connected or the signer's house been no centre, is refused."""
    kept = reply(drop)
    monkeypatch.setattr("lachan.members.unlocking.SystemClock", lambda: drop.country.machine)
    h = sign(drop, kept, "Hồ Thị Tiếp")
    paper.send(drop.country)
    record = MessageRecord.objects.unscoped(reason=WHY).get(h=h)
    envelope = Envelope.from_bytes(bytes(record.envelope))
    directory, at = members.current_directory(), drop.country.clock.now()
    declared = kind("provide_statement")
    assert check_approvals(envelope, directory, at, declared)
    real = Directory.member

    def changed(self: Directory, address: str, at: datetime | None = None) -> MemberRow | None:
        row = real(self, address, at)
        return None if row is None else replace(row, **change)

    monkeypatch.setattr(Directory, "member", changed)
    with pytest.raises(SignerUnknown):
        check_approvals(envelope, directory, at, declared)


def test_others_cannot_sign_it(drop: Drop) -> None:
    kept = reply(drop)
    for name, error in (("Đỗ Văn Soi", NotAllowed), ("Trần Minh Trực", NotAllowed)):
        with pytest.raises(error):
            sign(drop, kept, name)
    drop.country.enrol("Bàn Khác", A05, "duty", Role.DESK)
    with pytest.raises(NotVisible):
        sign(drop, kept, "Bàn Khác")


def test_a_spreadsheet_is_read_like_a_table(drop: Drop) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("1")
        sheet.write_row(0, 0, HEAD.split(";"))
        sheet.write_row(1, 0, ["FT1", 1, "08:00 05/01/2026", "Ghi có", 1_000_000])
    drop.bring(f"{drop.code}.xlsx", out.getvalue())
    drop.bring(f"{drop.code}-quet.jpg", SCAN)
    drop.turn()
    (kept,) = drop.kept
    assert json.loads(bytes(kept.rows or b""))[0]["amount"] == 1_000_000


def test_a_form_says_what_the_question_did_not(drop: Drop) -> None:
    drop.bring(f"{drop.code}.json", json.dumps({"as_of": "08:00 05/01/2026"}).encode())
    drop.bring(f"{drop.code}-quet.png", SCAN)
    drop.turn()
    (kept,) = drop.kept
    assert json.loads(bytes(kept.answer)) == {
        "account": "970499:1001001001",
        "as_of": "2026-01-05T01:00:00.000Z",
    }


def test_the_same_reply_again_is_one_reply(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Incoming, "keep", _cut)
        drop.bring(f"{drop.code}.csv", GOOD)
        drop.bring(f"{drop.code}-quet.pdf", SCAN)
        with pytest.raises(Cut):
            drop.turn()  # kept in the records, not yet moved away
    assert len(drop.waiting) == 2
    drop.turn()
    assert drop.waiting == []
    assert len(drop.kept) == 1
    assert drop.reasons == {}


class Cut(BaseException):
    """The power goes."""


def _cut(*_given: object, **_named: object) -> None:
    raise Cut


def test_without_its_scan_a_reply_waits(drop: Drop) -> None:
    drop.bring(f"{drop.code}.csv", GOOD)
    drop.turn()
    assert (drop.waiting, drop.kept, drop.reasons) == ([f"{drop.code}.csv"], [], {})


def test_what_still_arrives_is_left_alone(drop: Drop) -> None:
    drop.bring(f"{drop.code}.csv", GOOD[:20], ago=0)
    drop.bring(f"{drop.code}.csv.part", GOOD[:20])
    drop.bring(f"{drop.code}-quet.pdf", SCAN)
    drop.turn()
    assert len(drop.waiting) == 3
    assert drop.reasons == {}


def unzipped(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return out.getvalue()


BAD: dict[str, tuple[str, bytes, str]] = {
    "cut off": (".xlsx", unzipped(1_000)[:80], "drop.table"),
    "a bomb": (".xlsx", unzipped(65 * 2**20), "drop.table"),
    "another encoding": (".csv", HEAD.encode("utf-16"), "drop.table"),
    "no numbers": (".csv", f"{HEAD}\nFT1;1;08:00 05/01/2026;Ghi có;nhiều\n".encode(), "exchange.table"),
    "a missing cell": (".csv", f"{HEAD}\nFT1;1;;Ghi có;5\n".encode(), "exchange.table"),
    "NUL": (".csv", b"a\0b", "drop.table"),
    "no JSON": (".json", b"{", ""),
    "a deep one": (".json", b"[" * 10_000, ""),
    "unknown fields": (".json", b'{"pin": "1"}', "exchange.reply_unfit"),
    "no text": (".json", b'{"as_of": 5}', "exchange.reply_unfit"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BAD))
def test_what_cannot_be_read_comes_back_with_its_reason_and_the_scan_stays(
    drop: Drop, name: str
) -> None:
    suffix, data, code = BAD[name]
    drop.bring(f"{drop.code}{suffix}", data)
    drop.bring(f"{drop.code}-quet.pdf", SCAN)
    drop.turn()
    assert drop.kept == []
    (text,) = drop.reasons.values()
    assert code in text
    assert drop.waiting == [f"{drop.code}-quet.pdf"]
    drop.bring(f"{drop.code}.csv", GOOD)
    drop.turn()
    assert len(drop.kept) == 1


def test_a_table_in_an_old_encoding_comes_back(drop: Drop) -> None:
    drop.bring(f"{drop.code}.csv", "Số tiền".encode("cp1258", "ignore") + b"\xd0\xff\n")
    drop.bring(f"{drop.code}-quet.pdf", SCAN)
    drop.turn()
    (text,) = drop.reasons.values()
    assert "UTF-8" in text


def test_a_wrong_cell_is_named_with_its_line(drop: Drop) -> None:
    drop.bring(f"{drop.code}.csv", f"{HEAD}\n{LINE}\nFT2;2;hôm qua;Ghi có;5\n".encode())
    drop.bring(f"{drop.code}-quet.pdf", SCAN)
    drop.turn()
    (text,) = drop.reasons.values()
    assert "dòng 3, cột Lúc" in text
    assert "line 3" in text


@pytest.mark.parametrize("more", [".xlsx", "-quet.jpg"])
def test_two_of_one_thing_come_back_together(drop: Drop, more: str) -> None:
    drop.bring(f"{drop.code}.csv", GOOD)
    drop.bring(f"{drop.code}-quet.pdf", SCAN)
    drop.bring(f"{drop.code}{more}", GOOD)
    drop.turn()
    assert drop.kept == []
    assert all("exchange.reply_unfit" in text for text in drop.reasons.values())
    assert drop.waiting == ([f"{drop.code}-quet.pdf"] if more == ".xlsx" else [])


def test_a_huge_file_is_not_read(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1_000)
    path = drop.bring(f"{drop.code}.csv", b"")
    with path.open("r+b") as file:
        file.truncate(2**40)  # a hole of a tebibyte
    at = time.time() - 60
    os.utime(path, (at, at))
    drop.turn()
    (text,) = drop.reasons.values()
    assert "drop.too_large" in text
    assert drop.waiting == []


@pytest.mark.parametrize(
    "name",
    [
        "a.csv", "LC1-1-AAAAA-BBBBB.exe", "..LC1-1-AAAAA-BBBBB.csv", "LC1-1-AAAAA-BBBBB.csv\n", "con\u202evsc.exe", "%2e%2e%2fetc%2fpasswd.csv",
        "\\..\\..\\boot.csv", "x" * 240 + ".csv", "'; rm -rf ~; '.csv", "LC1-1-AAAAA-BBBBB.csv.json", "lc1-1-aaaaa-bbbbb.csv",
    ],
)  # fmt: skip
def test_names_are_compared_and_never_followed(drop: Drop, name: str) -> None:
    if name.startswith("."):
        name = f"x{name}"
    drop.bring(name, GOOD)
    drop.turn()
    (beside,) = drop.reasons
    assert set(beside) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    back = paper.names(drop.home / "out" / "tra-lai")
    assert len(back) == 2
    assert drop.waiting == []
    drop.turn()
    assert paper.names(drop.home / "out" / "tra-lai") == back


def test_a_name_that_is_no_text_comes_back_too(drop: Drop) -> None:
    drop.bring(os.fsdecode(b"\xff\xfe.csv"), GOOD)
    drop.turn()
    assert len(drop.reasons) == 1


def test_links_pipes_and_folders_lead_nowhere(drop: Drop, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(GOOD)
    folder = drop.home / "in"
    (folder / f"{drop.code}.csv").symlink_to(secret)
    (folder / f"{drop.code}.json").hardlink_to(secret)
    at = time.time() - 60
    os.utime(secret, (at, at))
    os.mkfifo(folder / f"{drop.code}-quet.pdf")
    (folder / f"{drop.code}-quet.jpg").mkdir()
    drop.turn()
    assert drop.kept == []
    assert len(drop.reasons) == 2
    assert secret.read_bytes() == GOOD
    assert drop.waiting == sorted([f"{drop.code}-quet.jpg", f"{drop.code}-quet.pdf"])


def test_a_made_up_code_and_another_members_order_are_answered_alike(drop: Drop) -> None:
    place = drop.code.split("-")[1]
    drop.bring(f"LC1-{place}-AAAAA-BBBBB.csv", GOOD)
    drop.bring(f"LC1-{place}-AAAAA-BBBBB-quet.pdf", SCAN)
    drop.turn()
    (text,) = drop.reasons.values()
    assert "exchange.order_unknown" in text
    with pytest.raises(replies.OrderUnknown):
        replies.order_named(drop.code, member="vn/bank/970436")


def test_an_order_that_is_over_takes_no_reply(drop: Drop) -> None:
    ConversationRecord.objects.unscoped(reason=WHY).update(status="Cancelled", substate="by_asker")
    drop.bring(f"{drop.code}.csv", GOOD)
    drop.bring(f"{drop.code}-quet.pdf", SCAN)
    drop.turn()
    (text,) = drop.reasons.values()
    assert "exchange.state" in text


def test_the_desk_sees_the_reply_and_signs_it_on_its_page(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, country = reply(drop), drop.country
    monkeypatch.setattr("lachan.members.unlocking.SystemClock", lambda: country.machine)
    monkeypatch.setattr(paper_desk, "clock", lambda: country.clock)
    client = signed_in(country, "Vũ Thị Bàn")
    assert f"/tra-loi-giay/{kept.pk}" in client.get("/tra-loi-giay").content.decode()
    body = client.get(f"/tra-loi-giay/{kept.pk}").content.decode()
    assert "970499" in body
    assert "1.000.000" in body
    assert AccessRecord.objects.filter(permission="paper.look").count() == 1
    form = {"passphrase": "sai", "totp": country.code("Vũ Thị Bàn")}
    assert client.post(f"/tra-loi-giay/{kept.pk}", form).status_code in {403, 422}
    country.machine.advance(60)
    form = {"passphrase": PASSPHRASE, "totp": country.code("Vũ Thị Bàn")}
    assert client.post(f"/tra-loi-giay/{kept.pk}", form)["Location"] == "/tra-loi-giay"
    assert paper.send(country) == ["SENT"]
    stranger = signed_in(country, "Nguyễn Thị Trưởng")
    assert stranger.get(f"/tra-loi-giay/{kept.pk}").status_code == 403


def signed_in(country: Deployment, name: str) -> Client:
    client = Client()
    client.force_login(country.logins[name])
    session = client.session
    begin(session, datetime.now(UTC))
    session.save()
    return client
