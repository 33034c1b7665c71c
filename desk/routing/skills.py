"""Which skill a talk needs: of what it is about, otherwise of its hotline."""

from __future__ import annotations

from desk.conversations.drafts import draft_of
from desk.conversations.models import Author, Conversation, Message
from desk.knowledge.models import Entry
from desk.people.models import Skill, SkillNeed
from desk.people.shifts import rule_of


def need_skill(conversation: Conversation) -> None:
    """Note the skill that a locked conversation needs."""
    skill = skill_for(conversation)
    if skill != conversation.skill:
        conversation.skill = skill
        conversation.save(update_fields=["skill"])


def skill_for(conversation: Conversation) -> Skill | None:
    return _of_category(_category(conversation)) or rule_of(conversation.hotline_id).skill


def _category(conversation: Conversation) -> str:
    """Of the complaint under way, or of the last entry that the bot used."""
    draft = draft_of(conversation)
    if draft is not None and (field := draft.fields.get("category")):
        return field.value
    last = (
        Message.objects.filter(conversation=conversation, author=Author.BOT)
        .exclude(entry="")
        .order_by("-id")
        .values_list("entry", flat=True)
        .first()
    )
    if last is None:
        return ""
    entry = Entry.objects.select_related("category").filter(external_id=last).first()
    return entry.category.name if entry and entry.category else ""


def _of_category(category: str) -> Skill | None:
    """The narrower need goes first: 社会保障/医保 before 社会保障."""
    names = [category, category.split("/")[0]] if category else []
    needs = {
        need.category: need.skill
        for need in SkillNeed.objects.filter(category__in=names).select_related("skill")
    }
    return next((needs[name] for name in names if name in needs), None)
