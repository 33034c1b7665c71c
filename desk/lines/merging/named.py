"""Where words name the line: its number in a canned reply or an answer. Nobody rewrites those by
machine; the report says where they stand.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.knowledge.models import Entry
from desk.lines.merging.kinds import EXAMPLES, Findings, Kind, Lines
from desk.replies.models import CannedReply

MOST = 200


def look(lines: Lines) -> Findings:
    code = lines.source.pk
    replies = CannedReply.objects.filter(Q(text__contains=code) | Q(title__contains=code))
    answers = Entry.objects.filter(answer__contains=code)
    titles = replies.values_list("title", flat=True)[:MOST]
    external_ids = answers.values_list("external_id", flat=True)[:MOST]
    names = [_("Canned reply “%s”") % title for title in titles]
    names += [_("Answer of %s") % external_id for external_id in external_ids]
    words = _("%(where)s names %(code)s: please read it.")
    return Findings(
        count=replies.count() + answers.count(),
        examples=names[:EXAMPLES],
        to_do=[words % {"where": one, "code": code} for one in names],
    )


KIND = Kind("words", gettext_lazy("Replies and answers that name the line's number"), look)
