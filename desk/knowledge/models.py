"""A knowledge entry (知识条目): what the city says, word for word, and who confirmed it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)

from desk.knowledge.confirming import confirmed_still, today
from desk.knowledge.lists import HotlinesField, LinesField
from desk.knowledge.review import ReviewTask as ReviewTask  # Django looks for models here
from desk.people.models import Department, Hotline, User
from desk.people.serving import all_serving
from kb_index.article import Article


class Category(models.Model):
    """Two levels, written as one name: 大类/小类."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Entry(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """`live` is what citizens may be told; a draft over it changes nothing until published."""

    # Wagtail would note anew with each save which department and category it names: half of what an
    # import takes. The lists ask the rows themselves (`viewsets.InUse`).
    wagtail_reference_index_ignore = True

    external_id = models.CharField(
        _("entry id"),
        max_length=120,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")],
    )
    question = models.CharField(_("standard question"), max_length=200)
    similar_questions = LinesField(
        _("similar questions"),
        default=list,
        blank=True,
        help_text=_("As people really say it, one a line; four or more."),
    )
    answer = models.TextField(_("answer"))
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name=_("department"), null=True, blank=True
    )
    hotline_codes = HotlinesField(
        _("hotlines"), default=list, blank=True, help_text=_("None ticked: the whole city.")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, verbose_name=_("category"), null=True, blank=True
    )
    keywords = LinesField(_("keywords"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    document_number = models.CharField(_("document number"), max_length=100, blank=True)
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    effective_to = models.DateTimeField(_("in force until"), null=True, blank=True)
    confirmed_on = models.DateField(
        _("confirmed on"),
        null=True,
        blank=True,
        help_text=_("When its department said so. Approval by a second person fills it in."),
    )
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("knowledge entry")
        verbose_name_plural = _("knowledge entries")
        ordering = ["external_id"]
        indexes = [
            models.Index(
                fields=["expire_at"],
                name="entries_to_end",
                condition=models.Q(live=True, expire_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        super().clean()
        # A file or an older version may name a line that was merged since.
        self.hotline_codes = all_serving(self.hotline_codes)
        known = set(Hotline.objects.values_list("code", flat=True))
        if unknown := [code for code in self.hotline_codes if code not in known]:
            raise ValidationError({"hotline_codes": _("Unknown hotline: %s") % "、".join(unknown)})
        if self.effective_from and self.effective_to and self.effective_to <= self.effective_from:
            raise ValidationError({"effective_to": _("It would end before it begins.")})
        if self.confirmed_on and self.confirmed_on > today():
            raise ValidationError({"confirmed_on": _("This day has not come yet.")})

    def save_revision(self, *args: Any, **options: Any) -> Revision:
        """Every version comes through here, whichever page, import or API makes it."""
        self.confirmed_on = confirmed_still(self)
        return super().save_revision(*args, **options)

    @property
    def was_live(self) -> bool:
        return self.first_published_at is not None

    def to_article(self) -> Article:
        return Article(
            external_id=self.external_id,
            question=self.question,
            similar_questions=tuple(self.similar_questions),
            answer=self.answer,
            department=self.department.name if self.department else "",
            hotlines=tuple(self.hotline_codes),
            category=self.category.name if self.category else "",
            keywords=tuple(self.keywords),
            source=self.source,
            document_number=self.document_number,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            confirmed_on=self.confirmed_on,
            version=self.live_revision_id or 0,
        )


class IndexTask(models.Model):
    """An entry that the index has to look at again: written in the transaction that changed it.

    It names no content: whoever carries it out reads the row as it is then.
    """

    external_id = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]


class ImportRun(models.Model):
    """One import of a file; rows below `done` are written, so that it can be taken up again."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    new_departments = models.JSONField(default=list)
    new_categories = models.JSONField(default=list)
    by = models.CharField(max_length=150)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)


class KnowledgeFile(models.Model):
    """What an editor uploaded, kept as it came until it is written and afterwards."""

    file = models.FileField(upload_to="knowledge/%Y/%m")
    name = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.SET_NULL, null=True)
    uploaded_at = models.DateTimeField(default=timezone.now)
    skip_bad = models.BooleanField(default=False)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
