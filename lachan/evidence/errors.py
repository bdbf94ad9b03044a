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
