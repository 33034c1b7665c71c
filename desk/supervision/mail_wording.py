"""A letter as a mail: the words of the desk, as text and as a simple page, with its link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from desk.cases.models import Case
from desk.handling.links import GOOD_FOR, address_of
from desk.supervision.models import Letter, LetterKind
from desk.supervision.wording import words

LINES = 50  # of cases in one mail; the link shows all of them


class NoAddress(Exception):
    """Nobody of the department has a mail address."""


def message(letter: Letter, cases: Sequence[Case], now: datetime) -> EmailMultiAlternatives:
    """Raises `NoAddress`. `cases`: those of the letter that are still the department's."""
    to, copy = recipients(letter)
    department = letter.department
    said = words(department, LetterKind(letter.kind), cases, now, letter.text)
    context = {
        "department": department,
        "leader": department.leader if letter.to_leader else "",
        "said": said,
        "lines": said.lines[:LINES],
        "more": max(0, len(said.lines) - LINES),
        "link": address_of(letter.pk, letter.department_id),
        "days": GOOD_FOR.days,
        "hotlines": "、".join(sorted({str(case.hotline) for case in cases})),
        "written_at": localtime(letter.at),
    }
    host = urlsplit(settings.QIANMEN.desk_url).hostname
    mail = EmailMultiAlternatives(
        " ".join(said.subject.split()),
        render_to_string("supervision/mail.txt", context),
        to=to,
        cc=copy,
        headers={
            # The same each time: who gets it twice may see that it is one.
            "Message-ID": f"<letter-{letter.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("supervision/mail.html", context), "text/html")
    return mail


def recipients(letter: Letter) -> tuple[list[str], list[str]]:
    """Whom it goes to, and who gets a copy. Raises `NoAddress`."""
    department = letter.department
    copy = [department.leader_mail] if letter.to_leader and department.leader_mail else []
    if department.mail:
        return [department.mail], [one for one in copy if one != department.mail]
    if copy:
        return copy, []
    raise NoAddress(_("No mail address."))
