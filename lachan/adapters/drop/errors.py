"""Why a file of a member's folder is not read.

DropFileUnfit       its name or kind
DropFileTooLarge    its size
TableUnreadable     a table that is none, or in another encoding
"""

from lachan.kernel.errors import LachanError, Text


class DropFileUnfit(LachanError):
    code = "drop.file"
    text = Text(
        vi="Tệp không đúng tên hoặc loại. Cần: {right}, tên lấy từ mã in trên văn bản; bản quét thêm “-quet” và là PDF, JPG hoặc PNG.",
        en="The file has the wrong name or kind. Needed: {right}, named by the code printed on the order; a scan adds “-quet” and is PDF, JPG or PNG.",
    )
    right: str


class DropFileTooLarge(LachanError):
    code = "drop.too_large"
    text = Text(vi="Tệp lớn hơn {right} byte.", en="The file is larger than {right} bytes.")
    right: int


class TableUnreadable(LachanError):
    code = "drop.table"
    text = Text(
        vi="Không đọc được bảng: {why}. Lưu lại thành CSV mã UTF-8 hoặc XLSX một trang tính, giữ nguyên dòng tiêu đề.",
        en="The table cannot be read: {why}. Save it as CSV in UTF-8, or XLSX with one sheet, keeping the line of heads.",
    )
    why: str
