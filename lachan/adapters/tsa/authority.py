"""A time-stamp authority over HTTP (RFC 3161). Its answer is hostile input until every check has passed.

A token whose certificates are not sorted as DER asks is refused by the library: try such an authority with `openssl ts`
before choosing it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import httpx
from cryptography.x509 import Certificate, ObjectIdentifier, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from lachan.evidence.errors import StampRefused, TsaUnreachable, TsaWrong
from lachan.evidence.stamps import StampInvalid, check_stamp
from lachan.kernel.errors import Text
from lachan.kernel.time import Clock

SKEW = timedelta(minutes=5)
MAX_BYTES = 64 * 1024  # a response with its chain takes three to eight thousand
SECONDS = 10  # for the whole answer, however slowly it comes
_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_TYPE = "application/timestamp-reply"

FAULTS = {
    "stamp.unreadable": Text(
        vi="không phải câu trả lời RFC 3161", en="not an answer after RFC 3161"
    ),
    "stamp.status": Text(vi="cơ quan cấp dấu từ chối yêu cầu", en="the authority did not grant it"),
    "stamp.imprint": Text(vi="dấu của dữ liệu khác", en="it is over other data"),
    "stamp.nonce": Text(vi="trả lời của một yêu cầu khác", en="it answers another request"),
    "stamp.time": Text(
        vi="lệch giờ trung tâm quá 5 phút", en="over 5 minutes away from the centre's clock"
    ),
    "stamp.chain": Text(
        vi="chứng thư không dẫn về gốc đã cấu hình, hoặc chữ ký sai",
        en="its certificate does not lead to the configured root, or the signature is wrong",
    ),
    "stamp.openssl": Text(
        vi="openssl, như tòa án sẽ kiểm tra, không chấp nhận",
        en="openssl, by which a court will check it, does not take it",
    ),
}


@dataclass(frozen=True, slots=True)
class Authority:
    """One configured authority. `ca_pem` holds the roots to which its certificate must lead."""

    name: str
    url: str
    ca_pem: str
    roots: tuple[Certificate, ...]

    def stamp(self, data: bytes, *, clock: Clock) -> bytes:
        """The TimeStampResp (DER) over `data`, exactly as it came.

        Checked: status, SHA-256 imprint, nonce, time within 5 minutes of `clock`, chain and signature, and by openssl.
        Raises: TsaUnreachable, StampRefused.
        """
        request = (
            TimestampRequestBuilder()
            .data(data)
            .hash_algorithm(HashAlgorithm.SHA256)
            .nonce(nonce=True)
            .cert_request(cert_request=True)
            .build()
        )
        token = self._ask(request.as_bytes())
        answer = self._read(token)
        self._ensure_answers(answer, request, data, clock)
        self._ensure_signed(answer, request, data, token)
        return token

    def _ask(self, request: bytes) -> bytes:
        ends = time.monotonic() + SECONDS
        got = bytearray()
        headers = {"content-type": "application/timestamp-query", "accept": _TYPE}
        try:
            with (
                httpx.Client(timeout=SECONDS / 2, trust_env=False) as client,
                client.stream("POST", self.url, content=request, headers=headers) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise TsaUnreachable(tsa=self.name, why=f"HTTP {answer.status_code}")
                for chunk in answer.iter_raw():
                    got += chunk
                    if len(got) > MAX_BYTES:
                        raise self._refused("stamp.unreadable")
                    if time.monotonic() > ends:
                        raise TsaUnreachable(tsa=self.name, why="timeout")
        except (httpx.HTTPError, httpx.InvalidURL) as cause:
            raise TsaUnreachable(tsa=self.name, why=type(cause).__name__) from cause
        return bytes(got)

    def _read(self, token: bytes) -> TimeStampResponse:
        try:
            answer = decode_timestamp_response(token)
            granted = PKIStatus(answer.status) is PKIStatus.GRANTED
        except ValueError as cause:
            raise self._refused("stamp.unreadable") from cause
        if not granted:
            raise self._refused("stamp.status")
        return answer

    def _ensure_answers(
        self, answer: TimeStampResponse, request: TimeStampRequest, data: bytes, clock: Clock
    ) -> None:
        try:
            told = answer.tst_info
            imprint = (told.message_imprint.hash_algorithm, told.message_imprint.message)
            nonce, at = told.nonce, told.gen_time
        except ValueError as cause:
            raise self._refused("stamp.unreadable") from cause
        if imprint != (_SHA256, sha256(data).digest()):
            raise self._refused("stamp.imprint")
        if nonce != request.nonce:
            raise self._refused("stamp.nonce")
        if abs(at - clock.now()) > SKEW:
            raise self._refused("stamp.time")

    def _ensure_signed(
        self, answer: TimeStampResponse, request: TimeStampRequest, data: bytes, token: bytes
    ) -> None:
        builder = VerifierBuilder.from_request(request)
        for root in self.roots:
            builder = builder.add_root_certificate(root)
        try:
            builder.build().verify_message(answer, data)
        except (VerificationError, ValueError) as cause:
            raise self._refused("stamp.chain") from cause
        try:
            check_stamp(token, data=data, ca_pem=self.ca_pem.encode())
        except StampInvalid as cause:
            raise self._refused("stamp.openssl") from cause

    def _refused(self, fault: str) -> StampRefused:
        why = FAULTS[fault]
        return StampRefused(tsa=self.name, fault=fault, why_vi=why.vi, why=why.en)


def configured(settings: Sequence[tuple[str, str]]) -> tuple[Authority, ...]:
    """The authorities that the settings name, as (URL, CA file). Raises: TsaWrong."""
    return tuple(_authority(n, url, file) for n, (url, file) in enumerate(settings, 1))


def _authority(n: int, url: str, file: str) -> Authority:
    if not url.startswith(("http://", "https://")):
        raise TsaWrong(n=n, why="URL")
    try:
        with open(file, encoding="ascii") as read:  # noqa: PTH123 - an empty name must fail as one
            pem = read.read()
        roots = tuple(load_pem_x509_certificates(pem.encode()))
    except (OSError, ValueError) as cause:
        raise TsaWrong(n=n, why=f"CA ({type(cause).__name__})") from cause
    return Authority(f"tsa-{n}", url, pem, roots)
