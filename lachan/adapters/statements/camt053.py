"""ISO 20022 statements: camt.052, .053 and .054, versions .001.02 to .001.12, by local names.

Only booked entries count. An entry of many transactions becomes many lines whose sum must equal it.
Document types are refused, so no entity is ever expanded (tracing.md §6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from lxml import etree

from lachan.adapters.statements.dates import When, read_time
from lachan.adapters.statements.errors import CurrencyNotDong, XmlRefused, unreadable_time
from lachan.adapters.statements.lines import Line, Options, Reading, Reject, Statement, in_order
from lachan.adapters.statements.numbers import whole_dong
from lachan.adapters.statements.tables import kind_of
from lachan.kernel.errors import LachanError
from lachan.tracing.errors import AmountInvalid

NAME = "camt"
SUFFIX = ".xml"
ROOTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NONREF"})
WHOLE = re.compile(r"([0-9]+)(?:\.0*)?\Z", re.ASCII)
NAMESPACE = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.05[234]\.")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def sniff(head: bytes) -> bool:
    """The namespace of a camt.05x document, or any XML: what is wrong with it is then said."""
    if head.startswith(UTF16_MARKS):
        head = head.decode("utf-16", "ignore").encode()
    return bool(NAMESPACE.search(head)) or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(
        b"<"
    )


def _name(node: etree._Element) -> str:
    tag: object = node.tag  # a comment's tag is a function
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _at(node: etree._Element | None, path: str) -> etree._Element | None:
    """The first descendant by local names, each step a child."""
    for step in path.split("/"):
        if node is None:
            return None
        node = next((child for child in node if _name(child) == step), None)
    return node


def _text(node: etree._Element | None, *paths: str) -> str:
    for path in paths:
        found = _at(node, path)
        if found is not None and (found.text or "").strip():
            return " ".join((found.text or "").split())
    return ""


def _reference(node: etree._Element | None, *paths: str) -> str | None:
    for path in paths:
        value = _text(node, path)
        if value.upper() not in NO_REFERENCE:
            return value
    return None


def _money(node: etree._Element | None) -> int | None:
    """Đồng of an Amt element; ISO writes a point before a fraction, never a grouping sign."""
    if node is None:
        return None
    currency = node.get("Ccy") or ""
    if currency != "VND":
        raise CurrencyNotDong(field="Amt", got=currency or "–")
    found = WHOLE.match((node.text or "").strip())
    if not found:
        raise AmountInvalid(field="Amt", value=(node.text or "").strip())
    return whole_dong(found[1], "Amt")


def _account(node: etree._Element | None) -> str | None:
    return _text(node, "Id/IBAN", "Id/Othr/Id") or None


def _bank(node: etree._Element | None) -> str | None:
    return (
        _text(
            node,
            "FinInstnId/ClrSysMmbId/MmbId",
            "FinInstnId/BICFI",
            "FinInstnId/BIC",
            "FinInstnId/Othr/Id",
        )
        or None
    )


def _booked(entry: etree._Element) -> bool:
    """`Sts` holds the code itself up to .001.06, and in `Cd` later."""
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK"


def read(path: Path, options: Options) -> Reading:
    """Raises: XmlRefused."""
    reading = Reading(path=path, format=NAME)
    try:
        with path.open("rb") as file:  # ours to close: a refusal leaves the parser half-way
            events = etree.iterparse(
                file, events=("start", "end"), resolve_entities=False, no_network=True,
                huge_tree=False, load_dtd=False,
            )  # fmt: skip
            _walk(events, path, options, reading)
    except etree.XMLSyntaxError as wrong:
        raise XmlRefused(field="file", file=path.name, problem=str(wrong.msg)) from wrong
    return reading


def _walk(
    events: Iterator[tuple[str, etree._Element]], path: Path, options: Options, reading: Reading
) -> None:
    first = True
    current: _Account | None = None
    for event, node in events:
        if first:
            if node.getroottree().docinfo.internalDTD is not None:
                raise XmlRefused(field="file", file=path.name, problem="DOCTYPE")
            first = False
        name = _name(node)
        if event == "start":
            if name in ROOTS:
                current = _Account(path, options, references_only=name == "Ntfctn")
        elif name == "Ntry" and current is not None:
            current.entry(node, reading)
            node.clear()  # a year's statement is read in constant memory
            before, parent = node.getprevious(), node.getparent()
            if parent is not None and before is not None and _name(before) == "Ntry":
                parent.remove(before)
        elif name in ROOTS and current is not None:
            reading.statements.append(current.close(node))
            current = None
    if not reading.statements:
        raise XmlRefused(
            field="file", file=path.name, problem="camt.052/.053/.054: Stmt, Rpt, Ntfctn"
        )


class _Account:
    """One Stmt, Rpt or Ntfctn while it is read; the account stands before its entries."""

    def __init__(self, path: Path, options: Options, *, references_only: bool) -> None:
        self.path, self.options, self.references_only = path, options, references_only
        self.lines: list[Line] = []

    def entry(self, entry: etree._Element, reading: Reading) -> None:
        if not _booked(entry):
            return
        reading.rows += 1
        row = cast("int | None", entry.sourceline) or reading.rows
        parent = entry.getparent()
        account = self.options.account or _account(_at(parent, "Acct")) or self.path.stem
        try:
            self.lines += _lines(entry, account, row)
        except LachanError as wrong:
            wrong.row = row
            reading.rejects.append(Reject(row, (etree.tostring(entry, with_tail=False),), wrong))

    def close(self, node: etree._Element) -> Statement:
        account = _at(node, "Acct")
        statement = Statement(
            self.options.account or _account(account) or self.path.stem,
            self.options.bank or _bank(_at(account, "Svcr")),
            in_order(self.lines),
            period=_period(_at(node, "FrToDt")),
            references_only=self.references_only,
        )
        for balance in node:
            if _name(balance) != "Bal":
                continue
            code = _text(balance, "Tp/CdOrPrtry/Cd")
            try:
                amount = _money(_at(balance, "Amt")) or 0
            except LachanError:
                continue  # a balance in another currency bridges nothing
            signed = -amount if _text(balance, "CdtDbtInd") == "DBIT" else amount
            if code in {"OPBD", "PRCD"} and statement.opening is None:
                statement.opening = signed
            elif code == "CLBD":
                statement.closing = signed
        statement.check_bridge()
        return statement


def _period(node: etree._Element | None) -> tuple[int, int] | None:
    try:
        start, end = read_time(_text(node, "FrDtTm")), read_time(_text(node, "ToDtTm"))
    except LachanError:
        return None
    return (start.seconds, end.seconds) if start and end else None


def _when(entry: etree._Element, details: etree._Element | None) -> When:
    exact = _text(details, "RltdDts/AccptncDtTm") or _text(entry, "BookgDt/DtTm", "ValDt/DtTm")
    when = read_time(exact or _text(entry, "BookgDt/Dt", "ValDt/Dt"), field="BookgDt")
    if when is None:
        raise unreadable_time("", field="BookgDt")
    return when


def _lines(entry: etree._Element, account: str, row: int) -> list[Line]:
    total = _money(_at(entry, "Amt"))
    if not total:
        raise AmountInvalid(field="Amt", value=str(total))
    sign = _sign(entry)
    blocks = [node for node in entry if _name(node) == "NtryDtls"]
    parts = [child for node in blocks for child in node if _name(child) == "TxDtls"]
    if len(parts) < 2:  # noqa: PLR2004 - one transaction: the entry's amount is its amount
        return [_line(entry, parts[0] if parts else None, account, row, sign * total)]
    amounts = [_sign(part, sign) * (_part_amount(part)) for part in parts]
    if sum(amounts) != sign * total or 0 in amounts:
        raise AmountInvalid(field="TxDtls", value=f"Σ TxDtls {sum(amounts)} ≠ Ntry {sign * total}")
    return [
        _line(entry, part, account, row, amount)
        for part, amount in zip(parts, amounts, strict=True)
    ]


def _part_amount(part: etree._Element) -> int:
    own = _at(part, "Amt")
    return _money(_at(part, "AmtDtls/TxAmt/Amt") if own is None else own) or 0


def _sign(node: etree._Element, default: int | None = None) -> int:
    mark = _text(node, "CdtDbtInd")
    if mark in {"CRDT", "DBIT"}:
        return 1 if mark == "CRDT" else -1
    if default is None:
        raise AmountInvalid(field="CdtDbtInd", value=mark)
    return default


def _line(
    entry: etree._Element, details: etree._Element | None, account: str, row: int, amount: int
) -> Line:
    when = _when(entry, details)
    side = "Cdtr" if amount < 0 else "Dbtr"
    peer = _account(_at(details, f"RltdPties/{side}Acct"))
    words = _text(details, "RmtInf/Ustrd", "AddtlTxInf") or _text(entry, "AddtlNtryInf")
    reversal = bool({_text(entry, "RvslInd"), _text(details, "RvslInd")} & {"true", "1"})
    return Line(
        account=account,
        time=when.seconds,
        amount=amount,
        row=row,
        has_clock=when.has_clock,
        peer=peer,
        peer_bank=_bank(_at(details, f"RltdAgts/{side}Agt")),
        kind="reversal" if reversal else "transfer" if peer else kind_of(words),
        ref=_reference(details, "Refs/UETR", "Refs/EndToEndId", "Refs/TxId"),
        local_ref=_reference(entry, "AcctSvcrRef", "NtryRef"),
        text=words,
    )


def write_rejects(path: Path, reading: Reading) -> None:
    """The entries as they were, each with its reason in `AddtlNtryInf`, in one statement."""
    root = etree.Element("Document")
    statement = etree.SubElement(etree.SubElement(root, "BkToCstmrStmt"), "Stmt")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for one in reading.rejects:
        entry = etree.fromstring(cast("bytes", one.cells[0]), parser)
        for old in [node for node in entry if _name(node) == "AddtlNtryInf"]:
            entry.remove(old)
        space = etree.QName(entry).namespace
        reason = etree.SubElement(entry, f"{{{space}}}AddtlNtryInf" if space else "AddtlNtryInf")
        reason.text = f"{one.error.code}: {one.error.message('vi')} / {one.error.message('en')}"
        statement.append(entry)
    etree.ElementTree(root).write(
        str(path), xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
