"""What can be wrong with an entry, a proof or a bundle."""

from lachan.kernel.errors import LachanError, Text


class EvidenceError(LachanError):
    """Root of this package's errors."""


class EntryField(EvidenceError):
    """A log entry carries codes and addresses; anything that could be personal data is refused."""

    code = "evidence.entry_field"
    rule = "law.md L6"
    text = Text(
        vi="Bản ghi nhật ký chứng cứ không nhận giá trị này ở trường {name}. Ghi {right}.",
        en="A log entry does not take this value in its field {name}. Give {right}.",
    )
    name: str
    right: str


class NoSuchProof(EvidenceError):
    """The entry is not in the tree yet, or the sizes are not of this log."""

    code = "evidence.no_such_proof"
    status = 404
    text = Text(
        vi="Chưa có bằng chứng cho {what}: cây chứng cứ hiện có {size} mục.",
        en="There is no proof for {what}: the evidence tree has {size} entries now.",
    )
    what: str
    size: int


class SignatureInvalid(EvidenceError):
    """A signed head, receipt or list whose signature does not hold."""

    code = "evidence.signature"
    status = 403
    text = Text(
        vi="Chữ ký không đúng hoặc không phải của khóa đã biết: {why}.",
        en="The signature does not hold or is not by a known key: {why}.",
    )
    why: str


class LogKeyUnreadable(EvidenceError):
    """The log's key file is there but is no private Ed25519 JWK."""

    code = "evidence.log_key"
    status = 500
    text = Text(
        vi="Không đọc được khóa nhật ký tại {path}. Khôi phục tệp từ bản sao lưu.",
        en="The log key at {path} cannot be read. Restore the file from the backup.",
    )
    path: str


class BundleUnreadable(EvidenceError):
    """Not a bundle at all: nothing in it can be judged."""

    code = "evidence.bundle_unreadable"
    status = 400
    text = Text(
        vi="Không đọc được gói chứng cứ: {why_vi}. Chọn tệp ZIP do “lachan evidence export” tạo ra.",
        en="The evidence bundle cannot be read: {why}. Choose a ZIP made by “lachan evidence export”.",
    )
    why_vi: str
    why: str


class CannotWithhold(EvidenceError):
    """Only parts and rows may be withheld from a bundle."""

    code = "evidence.cannot_withhold"
    text = Text(
        vi="Không thể giữ lại {path}: chỉ nội dung (parts/) và dòng (rows/) của thông điệp được giữ lại.",
        en="{path} cannot be withheld: only parts/ and rows/ of a message may be.",
    )
    path: str


class WitnessesUnreadable(EvidenceError):
    """The deployment's list of witnesses is damaged: nobody is taken for one."""

    code = "evidence.witnesses"
    status = 500
    text = Text(
        vi='Không đọc được {file} trong thư mục dữ liệu. Viết {{"witnesses": [{{"name", "jwk"}}]}} với khóa công khai Ed25519.',
        en='{file} in the data folder cannot be read. Write {{"witnesses": [{{"name", "jwk"}}]}} with public Ed25519 keys.',
    )
    file: str


class LogUnreachable(EvidenceError):
    """The centre's log gave no answer, or one that is not of the protocol."""

    code = "evidence.log_unreachable"
    status = 503
    text = Text(
        vi="Không đọc được nhật ký của trung tâm {url} ({why}). Kiểm tra địa chỉ, khóa và chứng thư TLS.",
        en="The log of the centre {url} cannot be read ({why}). Check the address, the key and the TLS certificate.",
    )
    url: str
    why: str


class ProofNeeded(EvidenceError):
    """Two heads of different sizes say nothing about each other without a proof."""

    code = "evidence.proof_needed"
    text = Text(
        vi="Hai đầu cây có {small} và {large} mục: cần bằng chứng nhất quán. Thêm --proof TỆP, hoặc cho địa chỉ trung tâm thay một tệp.",
        en="The heads have {small} and {large} entries: a consistency proof is needed. Add --proof FILE, or name a centre's address in place of a file.",
    )
    small: int
    large: int


class TsaUnreachable(EvidenceError):
    """A time-stamp authority gave no usable answer; what it would have said is not known."""

    code = "evidence.tsa_unreachable"
    status = 503
    text = Text(
        vi="Không lấy được dấu thời gian từ {tsa} ({why}). Kiểm tra địa chỉ và đường mạng.",
        en="No time-stamp could be had from {tsa} ({why}). Check its address and the network.",
    )
    tsa: str
    why: str


class StampRefused(EvidenceError):
    """An answer of a time-stamp authority that must not be kept; `fault` is the code in the log."""

    code = "evidence.stamp_refused"
    text = Text(
        vi="Dấu thời gian của {tsa} không dùng được ({fault}): {why_vi}.",
        en="The time-stamp of {tsa} cannot be used ({fault}): {why}.",
    )
    tsa: str
    fault: str
    why_vi: str
    why: str


class TsaWrong(EvidenceError):
    """The settings name an authority that cannot be checked: nothing starts with it."""

    code = "evidence.tsa_settings"
    text = Text(
        vi="LACHAN_TSA_{n}: {why}. Cần LACHAN_TSA_{n}_URL (http hoặc https) và LACHAN_TSA_{n}_CA là tệp PEM chứng thư gốc của nó.",
        en="LACHAN_TSA_{n}: {why}. It needs LACHAN_TSA_{n}_URL (http or https) and, as LACHAN_TSA_{n}_CA, the PEM file of its root certificates.",
    )
    n: int
    why: str
