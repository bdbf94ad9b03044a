"""auth.003: the confidentiality of an earlier request changes (`lift_confidentiality`: the holder may now be told)."""

from __future__ import annotations

from dataclasses import dataclass

from lachan.adapters.iso20022.markup import Branch, build, must, parse, serialise
from lachan.adapters.iso20022.shapes import ISO, YES_NO, check, check_root, need, sequence, text

DEFINITION = "auth.003.001.01"
SHAPE = sequence(
    need(
        "InfReqStsChngNtfctn",
        sequence(need("OrgnlBizQry", text(35)), need("CnfdtltySts", YES_NO)),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidentialityChange:
    """`original`: the `BizMsgIdr` of the request that it changes."""

    original: str
    confidential: bool


def write(change: ConfidentialityChange) -> bytes:
    """The document in UTF-8. Raises: ValueRefused with the place."""
    branch: Branch = ("Document", [("InfReqStsChngNtfctn", [
        ("OrgnlBizQry", change.original),
        ("CnfdtltySts", "true" if change.confidential else "false"),
    ])])  # fmt: skip
    root = build(ISO + DEFINITION, branch)
    check(root, SHAPE, "Document")
    return serialise(root)


def read(data: bytes) -> ConfidentialityChange:
    """Raises: Iso20022Error naming the place."""
    root = parse(data)
    check_root(root, "Document", (ISO + DEFINITION,))
    check(root, SHAPE, "Document")
    return ConfidentialityChange(
        original=must(root, "InfReqStsChngNtfctn/OrgnlBizQry"),
        confidential=must(root, "InfReqStsChngNtfctn/CnfdtltySts") in {"true", "1"},
    )
