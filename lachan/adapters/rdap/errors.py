"""Why a registry gave no usable answer.

RdapError
├── RdapNoServer     404   the bootstrap names no https server for this ending
├── RdapRefused      403   the address leads where the client must not go (another scheme, a private network)
├── RdapUnavailable  503   no answer in time, a redirect too many, a status other than 200 and 404
└── RdapOther        502   an answer about another name, or an error object
"""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class RdapError(LachanError):
    """The root of what a look-up can have wrong."""


class RdapNoServer(RdapError):
    code = "rdap.no_server"
    status = 404
    rule = "RFC 9224"
    text = Text(
        vi="Không biết máy chủ RDAP nào của đuôi “.{ending}”. Hỏi nhà đăng ký bằng yêu cầu cung cấp thông tin chủ thể tên miền.",
        en="No RDAP server is known for “.{ending}”. Ask the registrar with a request for domain holder information.",
    )
    ending: str


class RdapRefused(RdapError):
    code = "rdap.refused"
    status = 403
    text = Text(
        vi="Không gọi {host}: {why}. Chỉ gọi máy chủ https trên mạng công cộng, trừ máy chủ được cấu hình cho phép.",
        en="{host} is not called: {why}. Only https servers on the public network are, and hosts that the settings allow.",
    )
    host: str
    why: str


class RdapUnavailable(RdapError):
    code = "rdap.unavailable"
    status = 503
    text = Text(
        vi="Máy chủ RDAP {host} không trả lời được: {why}. Thử lại sau, hoặc hỏi nhà đăng ký.",
        en="The RDAP server {host} gives no answer: {why}. Try again later, or ask the registrar.",
    )
    host: str
    why: str


class RdapOther(RdapError):
    code = "rdap.other_answer"
    status = 502
    rule = "RFC 9083"
    text = Text(
        vi="Câu trả lời RDAP nói về “{given}”, không phải tên miền “{right}”.",
        en="The RDAP answer is about “{given}”, not about the domain “{right}”.",
    )
    given: str
    right: str
