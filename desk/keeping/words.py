"""What stands where a citizen's words stood.

It is also how a talk and a case show that they have been emptied, so that nobody does it twice.
"""

from __future__ import annotations

from django.utils.translation import gettext as _


def removed() -> str:
    return _("(words removed)")
