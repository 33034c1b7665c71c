"""Channel accounts that name the line. They are a file of the operators, which nobody writes but
they; until then the accounts' citizens are served all the same.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.lines.accounts import UnreadableAccounts, accounts
from desk.lines.merging.kinds import Findings, Kind, Lines


def look(lines: Lines) -> Findings:
    file = settings.QIANMEN.channels_file
    try:
        found = [one for one in accounts(file) if one.hotline == lines.source.pk]
    except UnreadableAccounts:
        return Findings(to_do=[_("%s cannot be read: look there for the line's accounts.") % file])
    words = _('%(file)s, account "%(account)s": write hotline = "%(into)s" instead of "%(line)s".')
    return Findings(
        count=len(found),
        examples=[f"{one.id} ({one.channel})" for one in found],
        to_do=[
            words
            % {
                "file": file.name,
                "account": one.id,
                "into": lines.into.pk,
                "line": lines.source.pk,
            }
            for one in found
        ],
    )


KIND = Kind("accounts", gettext_lazy("Channel accounts that name the line"), look)
