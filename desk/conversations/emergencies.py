"""A danger that happens now is answered first, whoever owns the talk and whatever is down."""

from __future__ import annotations

from django.utils.translation import gettext as _

from actions.protocol import Decision, Reply, Status
from desk.conversations.drafts import draft_of
from desk.conversations.models import Conversation
from intake.emergency import emergency


def emergency_decision(text: str, conversation: Conversation | None) -> Decision | None:
    """The number to call at once; the draft of a complaint is kept as it is."""
    found = emergency(text)
    if found is None:
        return None
    return Decision(
        status=Status.EMERGENCY,
        intent="emergency",
        replies=(Reply(text=_sentence(found.number)),),
        draft=draft_of(conversation),
    )


def _sentence(number: str) -> str:
    return {
        "110": _(
            "Call 110 now. If somebody is hurt, 120 as well. This line cannot send the police."
        ),
        "119": _(
            "Call 119 now and get to safety; if somebody is hurt, 120 as well. "
            "This line cannot send the fire brigade."
        ),
        "120": _(
            "Call 120 now; for a fire or somebody trapped 119 as well. "
            "This line cannot send an ambulance."
        ),
        "122": _("Call 122 now; if somebody is hurt, 120 first."),
    }[number]
