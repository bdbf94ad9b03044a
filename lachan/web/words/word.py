"""What a page says for a code: a word, and the shape of its status tag."""

from __future__ import annotations

from django.utils.functional import Promise

Word = tuple[str | Promise, str]  # the word, and the tag's shape ("" where no tag is drawn)
