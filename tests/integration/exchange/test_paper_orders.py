"""An order to a member that is not connected lies in its folder once, whole, whatever was interrupted."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from lachan.access.actors import Actor
from lachan.adapters.drop.outgoing import Outgoing, member_folder
from lachan.exchange import paper as deliveries
from lachan.exchange.forms.tables import read_table
from lachan.exchange.kinds import kind
from lachan.exchange.models import ConversationRecord, DeliveryRecord
from lachan.exchange.public_check import Standing, check_order
from lachan.exchange.receipts import read_receiver_receipt
from lachan.members import services as members
from lachan.web import paper as edge
from tests.integration.exchange import paper
from tests.integration.exchange.conftest import Bank
from tests.integration.exchange.paper import PAPER, WHY
from tests.integration.members.conftest import Deployment


@pytest.fixture
def out(bank: Bank, country: Deployment, data_folder: Path) -> Path:
    """The bank's `out/`; nothing in it yet."""
    paper.join(country)
    from lachan.access.purposes import Purpose
    from tests.integration.members.conftest import PASSPHRASE

    members.open_shift(
        country.actor("Trần Minh Trực", Purpose.GLD), passphrase=PASSPHRASE, totp=country.code("Trần Minh Trực"),
        clock=country.clock, machine=country.machine,
    )  # fmt: skip
    country.machine.advance(60)
    return member_folder(data_folder / "paper", PAPER) / "out"


def sweep(country: Deployment) -> None:
    edge.sweep(clock=country.clock)


def test_the_order_is_printed_once_and_receipted_as_printed(out: Path, country: Deployment) -> None:
    made = paper.ask_confirm(country)
    assert paper.send(country) == ["SENT"]
    sweep(country)
    (name,) = paper.names(out)
    assert (out / name).read_bytes().startswith(b"%PDF-")
    (out / name).rename(out.parent / "taken.pdf")  # the courier
    sweep(country)
    assert paper.names(out) == []
    record = DeliveryRecord.objects.unscoped(reason=WHY).get()
    key = members.current_directory().sign_key(PAPER, country.clock.now())
    assert key is not None
    assert read_receiver_receipt(record.receiver_receipt, key.jwk).h == made.h
    talk = ConversationRecord.objects.unscoped(reason=WHY).get()
    assert "delivered" in str(talk.state)
    told = check_order(
        actor=Actor.public(),
        text=name.removesuffix(".pdf"),
        address="1.2.3.4",
        clock=country.clock,
    )
    assert told.standing is Standing.IN_FORCE
    assert told.receiver.vi == "Ngân hàng Giấy"


def test_an_order_without_a_place_in_the_log_waits(out: Path, country: Deployment) -> None:
    from lachan.exchange import sending

    paper.ask_confirm(country)
    for one in sending.ready(now=country.clock.now()):
        sending.send_one(outgoing_id=one, clock=country.clock)
    sweep(country)
    assert paper.names(out) == []
    assert DeliveryRecord.objects.unscoped(reason=WHY).get().faults == 0
    from lachan.evidence.sequencer import sequence_once

    sequence_once(country.clock)
    sweep(country)
    assert len(paper.names(out)) == 1


def test_a_kind_with_lines_brings_an_empty_table_with_the_right_heads(
    out: Path, country: Deployment
) -> None:
    paper.ask_statement(country)
    assert paper.send(country) == ["SENT"]
    sweep(country)
    table, pdf = paper.names(out)
    assert (table.removesuffix(".csv"), ".pdf") == (pdf.removesuffix(".pdf"), pdf[-4:])
    data = (out / table).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    (heads,) = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert heads[:3] == ["Mã giao dịch", "Thứ tự ghi sổ", "Lúc"]
    form = kind("provide_statement").rows
    assert form is not None
    filled = ",".join(heads) + '\nFT1,1,08:00 05/01/2026,Ghi có,"1.000.000",,,,,,,,NO\n'
    (row,) = read_table(form, filled)
    assert row.amount == 1_000_000  # type: ignore[attr-defined]


class Cut(BaseException):
    """The power goes."""


@pytest.mark.parametrize("where", ["before_remembering", "before_publishing", "between_renames"])
def test_a_turn_that_is_cut_off_is_repeated_without_a_second_paper(
    out: Path, country: Deployment, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    paper.ask_statement(country)
    paper.send(country)
    with monkeypatch.context() as patched:
        if where == "before_remembering":
            patched.setattr(deliveries, "remember", _cut)
        elif where == "before_publishing":
            patched.setattr(Outgoing, "publish", _cut)
        else:
            patched.setattr(Path, "rename", _rename_once(Path.rename))
        with pytest.raises(Cut):
            sweep(country)
    seen = paper.names(out)
    assert len(seen) == (1 if where == "between_renames" else 0)
    for name in seen:
        (out / name).unlink()  # taken away before the next turn
    sweep(country)
    assert len(seen) + len(paper.names(out)) == 2
    assert not set(seen) & set(paper.names(out))
    sweep(country)
    assert len(seen) + len(paper.names(out)) == 2
    assert paper.names(out.parent / ".staged") == []


def _cut(*_given: Any, **_named: Any) -> None:
    raise Cut


def _rename_once(real: Any) -> Any:
    moved: list[object] = []

    def rename(self: Path, target: Path) -> Path:
        if moved and target.parent.name == "out":
            raise Cut
        if target.parent.name == "out":
            moved.append(target)
        found: Path = real(self, target)
        return found

    return rename


def test_a_folder_that_cannot_be_written_holds_up_no_other_order_and_is_tried_again(
    out: Path, country: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.ask_confirm(country)
    paper.ask_confirm(country)
    paper.send(country)
    first = deliveries.waiting()[0]
    real = Outgoing.stage

    def full(self: Outgoing, member: str, delivery: int, files: Any) -> None:
        if delivery == first:
            raise OSError(28, "No space left on device")
        real(self, member, delivery, files)

    with monkeypatch.context() as patched:
        patched.setattr(Outgoing, "stage", full)
        sweep(country)
    assert len(paper.names(out)) == 1
    kept = DeliveryRecord.objects.unscoped(reason=WHY).get(pk=first)
    assert kept.faults == 1
    assert "No space" in kept.fault
    sweep(country)
    assert len(paper.names(out)) == 2


def test_what_is_cancelled_is_taken_back_on_paper_without_saying_again_what_was_asked(
    out: Path, country: Deployment
) -> None:
    made = paper.ask_confirm(country)
    paper.send(country)
    sweep(country)
    (order,) = paper.names(out)
    paper.cancel(country, made, "confirm_transfer")
    paper.send(country)
    sweep(country)
    assert paper.names(out) == sorted([order, order.replace(".pdf", "-huy.pdf")])
    told = check_order(
        actor=Actor.public(),
        text=order.removesuffix(".pdf"),
        address="1.2.3.4",
        clock=country.clock,
    )
    assert told.standing is Standing.CANCELLED


@pytest.mark.parametrize("address", ["../../etc", "vn/bank/..", "", "vn/bank/a/../../b"])
def test_no_address_leads_out_of_the_root(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the address is its text
        member_folder(tmp_path, address)


def test_with_a_certificate_the_paper_is_signed_and_says_so(
    out: Path, country: Deployment, settings: Any
) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    from tests.unit.documents.test_pades import PEM, certificate, serialization

    root = certificate("Gốc thử")
    own, key = certificate("Trung tâm thử", root)
    settings.LACHAN_PDF_CERT = str(out.parent.parent.parent / "pdf.crt")
    Path(settings.LACHAN_PDF_CERT).write_bytes(own.public_bytes(PEM))
    (Path(settings.LACHAN_DATA) / "keys" / "pdf.pem").write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    paper.ask_confirm(country)
    paper.send(country)
    sweep(country)
    (name,) = paper.names(out)
    (signature,) = PdfFileReader(io.BytesIO((out / name).read_bytes())).embedded_signatures
    signature.compute_integrity_info()
    assert signature.sig_object["/Reason"] == name.removesuffix(".pdf")
