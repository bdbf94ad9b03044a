"""Files that people send are cut off at their limit while they arrive: a huge one costs neither memory nor disk."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MAX_FILE = 10 * 2**20
_MARK = "lachan.too_large"


class Bounded(FileUploadHandler):
    """Passes on what is within the limit; the rest of the form is read all the same."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Start counting."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # handed on as it came
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Raises: SkipFile at the limit."""
        self.seen += len(raw_data)
        if self.seen > MAX_FILE and self.request is not None:
            self.request.META.setdefault(_MARK, set()).add(self.field_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""


def too_large(request: HttpRequest, field: str) -> bool:
    """Whether the file of this field was cut off."""
    _ = request.FILES  # read the form first
    return field in request.META.get(_MARK, ())
