"""Bytes that a careless reader would choke on; every reader of this folder must refuse each with a LachanError."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DEEP = 100_000


def bad_json(good: dict[str, Any], field: str) -> Iterator[tuple[str, bytes]]:
    """Variants of a good document; `field` is a top-level text that the reader looks at."""

    def changed(text: str) -> bytes:
        other = {name: value for name, value in good.items() if name != field}
        return (
            json.dumps(other, ensure_ascii=False)[:-1] + f", {json.dumps(field)}: {text}}}"
        ).encode()

    plain = json.dumps(good[field])
    yield "nothing", b""
    yield "not JSON", b"<a/>"
    yield "not UTF-8", json.dumps(good).encode("utf-16")
    yield "an array", b"[]"
    yield "a key twice", changed(f"{plain}, {json.dumps(field)}: {plain}")
    yield "deep", changed("[" * DEEP + "]" * DEEP)
    yield "deep objects", changed('{"a":' * DEEP + "1" + "}" * DEEP)
    yield "many arrays", changed("[" + "[]," * DEEP + "[]]")
    yield "a huge number", changed("9" * DEEP)
    yield "a huge exponent", changed("1e999999999999999999999")
    yield "NaN", changed("NaN")
    yield "NFD", changed('"Nguye\u0302\u0303n"')
    yield "a lone surrogate", changed('"\\ud800"')
    yield "a number", changed("1")
    yield "null", changed("null")
    yield "a list", changed(f"[{plain}]")
    yield "an object", changed('{"a": 1}')


def bad_xml(good: bytes, inside: bytes) -> Iterator[tuple[str, bytes]]:
    """Variants of a good document; `inside` is the text of an element that the reader looks at."""
    head, _, body = good.partition(b"?>")
    start = head + b"?>" if body else b""
    rest = body or good
    laughs = b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n, n - 1, n - 1) for n in range(1, 30))
    yield "nothing", b""
    yield "not XML", b"{}"
    yield "cut", good[: len(good) // 2]
    yield "a document type", start + b"<!DOCTYPE edXML>" + rest
    yield "an external one", start + b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">' + rest
    yield (
        "an external entity",
        (
            start
            + b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + rest.replace(inside, b"&x;")
        ),
    )
    yield (
        "entities in entities",
        (
            start
            + b'<!DOCTYPE a [<!ENTITY l0 "ha">'
            + laughs
            + b"]>"
            + rest.replace(inside, b"&l29;")
        ),
    )
    yield "an entity of nobody", good.replace(inside, b"&x;")
    yield "another encoding", good.decode().encode("utf-16")
    yield "NFD", good.replace(inside, "Nguye\u0302\u0303n".encode())
    yield "deep", good.replace(inside, b"<a>" * 100 + b"</a>" * 100)
    yield "very deep", good.replace(inside, b"<a>" * DEEP + b"</a>" * DEEP)
    yield "many elements", good.replace(inside, b"<a/>" * DEEP)
    yield "an element inside", good.replace(inside, b"<a/>")
    yield "a control sign", good.replace(inside, b"\x01")
    yield "another namespace", good.replace(b'="http', b'="https')
