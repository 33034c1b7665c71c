"""What happened, in words for the agent: the bot's reason, a delivery, a change of speaker."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.protocol import Status
from desk.conversations.models import (
    Author,
    DeliveryStatus,
    Message,
    OutboundMessage,
    Owner,
    OwnerChange,
    Rating,
    Reason,
)

CHANNELS = {
    "wechat": gettext_lazy("WeChat"),
    "telegram": gettext_lazy("Telegram"),
    "webchat": gettext_lazy("Web page"),
    "desk": gettext_lazy("Entered by hand"),
}

_REASONS = {
    Status.ANSWERED: gettext_lazy("answered from the knowledge base"),
    Status.ASK_BACK: gettext_lazy("asked back"),
    Status.MENU: gettext_lazy("offered a choice"),
    Status.NO_ARTICLE: gettext_lazy("found no answer"),
    Status.STALE: gettext_lazy("the entry had just changed, so no answer"),
    Status.ASKED: gettext_lazy("takes the complaint, asks"),
    Status.READ_BACK: gettext_lazy("reads the complaint back"),
    Status.CASE_OPENED: gettext_lazy("opened the case"),
    Status.CASE_JOINED: gettext_lazy("joined the report to a case"),
    Status.GAVE_UP: gettext_lazy("the complaint was given up"),
    Status.HANDED_OVER: gettext_lazy("asked for a person"),
    Status.TOLD_STATE: gettext_lazy("told how the case stands"),
    Status.RATED: gettext_lazy("noted what the citizen thinks of the answer"),
    Status.CALLED_BACK: gettext_lazy("noted the answer to the call back"),
    Status.SMALL_TALK: gettext_lazy("small talk"),
    Status.EMERGENCY: gettext_lazy("emergency: gave the number to call"),
    Status.NOT_UNDERSTOOD: gettext_lazy("did not understand"),
    Status.ERROR_INDEX: gettext_lazy("could not search the knowledge base"),
    Status.ERROR_BOT: gettext_lazy("the bot was down"),
}

# Why the knowledge base answered as it did: `kb_index.decision.Reason`, and a pick from a menu.
_WHY = {
    "same_question": gettext_lazy("asked by the very words"),
    "by_words": gettext_lazy("the words fit"),
    "by_meaning": gettext_lazy("the meaning fits"),
    "several_fit": gettext_lazy("several entries fit"),
    "ask_back:household": gettext_lazy("for the household registration"),
    "ask_back:who": gettext_lazy("for a person or an organisation"),
    "ask_back:times": gettext_lazy("for the first time, a renewal or a loss"),
    "ask_back:way": gettext_lazy("for online or at a window"),
    "ask_back:applicant": gettext_lazy("for oneself or for another"),
    "ask_back:age": gettext_lazy("for of age or not"),
    "ask_back:work": gettext_lazy("for employed, self-employed or retired"),
    "ask_back:home": gettext_lazy("for a new or a second-hand home"),
    "ask_back:district": gettext_lazy("for the district"),
    "nothing_specific": gettext_lazy("nothing definite was asked"),
    "nothing_shared": gettext_lazy("no entry speaks of it"),
    "nothing_close": gettext_lazy("no entry is close enough"),
    "chosen": gettext_lazy("picked by the citizen"),
}

_RATINGS = {
    Rating.USEFUL: gettext_lazy("The citizen found this useful"),
    Rating.UNSOLVED: gettext_lazy("The citizen says this did not solve it"),
}

_REFUSALS = {
    "45015": gettext_lazy("the 48 hours to answer are over"),
    "45047": gettext_lazy("the messages allowed without an answer are used up"),
    "45002": gettext_lazy("it is too long"),
    "43004": gettext_lazy("the citizen no longer follows the account"),
    "43101": gettext_lazy("the citizen refuses messages"),
    "403": gettext_lazy("the citizen has blocked us"),
    "400": gettext_lazy("there is no such chat any more"),
    "45001": gettext_lazy("the picture is too large"),
    "40004": gettext_lazy("it is not a picture that it shows"),
    "file-gone": gettext_lazy("the file is no longer kept"),
    "no-account": gettext_lazy("this account is not set up"),
}

_DOUBTS = {
    "no-answer": gettext_lazy("the platform did not answer"),
    "interrupted": gettext_lazy("we were interrupted while sending"),
    "fault": gettext_lazy("something of ours broke while sending"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of words that were sent. `mood` is a class of the style sheet."""

    status: str
    words: str
    mood: str = ""


def channel_name(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))


def reason_in_words(message: Message) -> str:
    if message.author != Author.BOT or message.status not in _REASONS:
        return ""
    what = str(_REASONS[Status(message.status)])
    why = _WHY.get(message.reason)
    return f"{what}（{why}）" if why else what


def rating_in_words(message: Message) -> str:
    return str(_RATINGS[Rating(message.rating)]) if message.rating else ""


def report_in_words(message: Message) -> str:
    """A colleague called the bot's answer wrong."""
    report = getattr(message, "wrong_answer", None)
    return _("called wrong by %s") % (report.by or _("a colleague")) if report else ""


def outcome_of(outbound: OutboundMessage, channel: str) -> Outcome:
    status, reason = outbound.status, outbound.reason
    if status == DeliveryStatus.SENT:
        by_template = outbound.via == "template"
        return Outcome(status, _("told by a template message") if by_template else _("delivered"))
    if status == DeliveryStatus.PENDING:
        return Outcome(status, _("on its way"))
    if status == DeliveryStatus.REFUSED:
        why = _REFUSALS.get(reason) or _("code %s") % (reason or "?")
        words = _("%(channel)s did not take it: %(why)s") % {
            "channel": channel_name(channel),
            "why": why,
        }
        return Outcome(status, words, "late")
    if status == DeliveryStatus.UNKNOWN:
        why = _DOUBTS.get(reason) or _("code %s") % (reason or "?")
        return Outcome(status, _("We do not know whether it arrived: %s") % why, "soon")
    if status == DeliveryStatus.SUPERSEDED:
        words = (
            _("Only a part was sent before the speaker changed")
            if reason == "rest"
            else _("Not sent: the speaker changed first")
        )
        return Outcome(status, words, "soon")
    return Outcome(status, "")


def change_in_words(change: OwnerChange) -> str:
    """One line for a change of speaker."""
    words = _routed(change) if change.reason else _changed(change)
    return f"{words}：{change.note}" if change.note else words


def _changed(change: OwnerChange) -> str:
    who = str(change.user) if change.user else _("A colleague")
    if change.by == Author.CITIZEN:
        if change.after == Owner.QUEUE:
            return _("The citizen asked for a person")
        return _("The citizen no longer waits for a person")
    if change.by == Author.SYSTEM:
        return {
            Owner.BOT: _("The bot has the talk again"),
            Owner.QUEUE: _("Put into the queue by itself"),
            Owner.AGENT: _("%s has the talk") % who,
        }[Owner(change.after)]
    if change.after == Owner.AGENT:
        return _("%s took over") % who
    if change.after == Owner.QUEUE:
        return _("%s passed it on to the queue") % who
    return _("%s stopped talking; the bot is back") % who


def _routed(change: OwnerChange) -> str:
    if change.reason == Reason.HOTLINE and change.by == Author.SYSTEM:
        return _("The line was merged; the talk is with %s now") % change.target
    who = str(change.user) if change.user else _("A colleague")
    to = str(change.agent) if change.agent else _("A colleague")
    return {
        Reason.ASSIGNED: _("Assigned to %s") % to,
        Reason.PASSED: _("%(who)s passed it to %(to)s") % {"who": who, "to": to},
        Reason.GROUP: _("%(who)s passed it to the group %(to)s")
        % {"who": who, "to": change.target},
        Reason.HOTLINE: _("%(who)s passed it to %(to)s") % {"who": who, "to": change.target},
        Reason.OVERFLOW: _("Passed to the city line by itself: %s") % change.target,
        Reason.SILENT: _("%s did not answer in time; back to the queue") % who,
        Reason.AWAY: _("%s is no longer at the desk; back to the queue") % who,
    }[Reason(change.reason)]
