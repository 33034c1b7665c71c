"""What the router itself says, when no bot decided it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from actions.protocol import Decision, Draft, Option, Reply, Stage, Status


def picture_arrived(draft: Draft | None) -> Decision:
    text = (
        _("We have your picture; it goes to the case.")
        if draft and draft.stage is not Stage.NONE
        else _("We have your picture. Please tell us in words what it is about.")
    )
    return Decision(
        status=Status.SMALL_TALK, intent="picture", replies=(Reply(text=text),), draft=draft
    )


def never_asked() -> str:
    return _("We did not ask you about this case, so nothing was noted. What is it about?")


def unreadable(draft: Draft | None) -> Decision:
    return Decision(
        status=Status.NOT_UNDERSTOOD,
        intent="other",
        replies=(
            Reply(
                text=_(
                    "We can read words and see pictures here, not this kind of message. "
                    "Please write what it is about, or ask for a person."
                ),
                options=(_agent(),),
            ),
        ),
        draft=draft,
    )


def nothing_works(draft: Draft | None) -> Decision:
    return Decision(
        status=Status.ERROR_BOT,
        intent="",
        replies=(
            Reply(
                text=_(
                    "We cannot look things up right now; that is our fault, not yours. "
                    "Your message is kept. You can ask for a person."
                ),
                options=(_agent(),),
            ),
        ),
        draft=draft,
    )


def no_longer_sure(draft: Draft | None) -> Decision:
    """The entry that fitted has just been changed or withdrawn, twice in a row."""
    return Decision(
        status=Status.STALE,
        intent="ask",
        replies=(
            Reply(
                text=_(
                    "What we knew about this is being changed just now, so we would rather not "
                    "answer. Ask again in a moment, or ask for a person."
                ),
                options=(_agent(),),
            ),
        ),
        draft=draft,
    )


def _agent() -> Option:
    return Option(id="agent", label=_("Talk to a person"))
