"""Lets `pybabel extract` read Django's templates: see `desk/locale/babel.cfg`.

Django itself turns a template into something like Python for xgettext; Babel reads the same, so
that no gettext tools have to be on the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def extract_django(
    source: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    code = templatize(source.read().decode())
    # Only the calls count: a template's indentation is not Python's.
    lines = "\n".join(line.strip() for line in code.splitlines())
    return extract_python(BytesIO(lines.encode()), keywords, comment_tags, options)
