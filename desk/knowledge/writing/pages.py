"""Fragments beside the form of an entry, asked for again while somebody types."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from desk.knowledge.foresight.effect import effect_of
from desk.knowledge.views import writer
from desk.knowledge.writing.hints import hints_for
from desk.knowledge.writing.phone import on_the_phone
from desk.knowledge.writing.suggesting import suggestions
from desk.knowledge.writing.typed import typed_article
from kb_index.index import IndexUnavailable


@login_required
@require_POST
def effect(request: HttpRequest) -> HttpResponse:
    """What publishing the form's entry would change."""
    writer(request)
    article = typed_article(request.POST)
    context: dict[str, Any] = {"empty": not article.question}
    if article.question:
        try:
            context["effect"] = effect_of(article.external_id, article, timezone.now())
        except IndexUnavailable:
            context["away"] = True
    return render(request, "knowledge/writing/effect.html", context)


@login_required
@require_POST
def phone(request: HttpRequest) -> HttpResponse:
    """The answer as WeChat shows it, and where it could be plainer."""
    writer(request)
    article = typed_article(request.POST)
    context = {
        "question": article.question,
        "phone": on_the_phone(article) if article.answer else None,
        "hints": hints_for(article.answer),
    }
    return render(request, "knowledge/writing/phone.html", context)


@login_required
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What citizens said that belongs to this entry."""
    writer(request)
    article = typed_article(request.POST)
    context: dict[str, Any] = {"suggestions": []}
    if article.question:
        try:
            context["suggestions"] = suggestions(article, timezone.now())
        except IndexUnavailable:
            context["away"] = True
    return render(request, "knowledge/writing/similar.html", context)
