"""Who works at the desk, for which hotline and which department."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# An open page of the desk says every 30 s that somebody is there.
PRESENT_FOR = timedelta(seconds=90)


class Role(models.TextChoices):
    AGENT = "agent", _("Agent")
    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Reviewer")
    HANDLER = "handler", _("Handler")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMIN = "admin", _("Administrator")


# The hotline of simulated citizens. Nothing of it is counted, listed or sent; what queries by the
# managers named `objects` does not see it.
PRACTICE = "练习"


class WithoutPractice[M: models.Model](models.Manager[M]):
    """What does not belong to `PRACTICE`."""

    # Of the class: Django makes the managers of relations out of it, without arguments.
    hotline_field = "hotline"

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().exclude(**{self.hotline_field: PRACTICE})


class RealHotlines(WithoutPractice["Hotline"]):
    hotline_field = "code"


class Hotline(models.Model):
    objects: models.Manager[Hotline] = RealHotlines()
    with_practice: models.Manager[Hotline] = models.Manager()

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    district = models.CharField(_("district"), max_length=30, blank=True)
    scope = models.TextField(_("scope"), blank=True)
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    staffing = models.CharField(_("staffing"), max_length=200, blank=True)
    # Who serves its citizens since it was merged; never itself a merged line. See `serving`.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        related_name="absorbed",
    )
    merged_at = models.DateTimeField(_("merged on"), null=True, blank=True)

    class Meta:
        verbose_name = _("hotline")
        verbose_name_plural = _("hotlines")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Department(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)
    purpose = models.TextField(_("purpose"), blank=True)
    handles = models.JSONField(_("handles"), default=list, blank=True)
    categories = models.JSONField(_("categories"), default=list, blank=True)
    # Where letters go; its people at the desk read them there too.
    mail = models.EmailField(_("mail address"), blank=True)
    leader = models.CharField(_("leader in charge"), max_length=30, blank=True)
    leader_mail = models.EmailField(_("the leader's mail address"), blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AddressChange(models.Model):
    """Who changed where a department's letters go, and what it was: a letter tells of its cases."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="address_changes")
    at = models.DateTimeField()
    user = models.ForeignKey("people.User", models.SET_NULL, null=True, related_name="+")
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.department} {self.at:%Y-%m-%d}"


class Skill(models.Model):
    """What some agents know and others do not: 医保, 社保, 英语. Its people are a group."""

    name = models.CharField(_("name"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SkillNeed(models.Model):
    """Talks about a category (大类, or 大类/小类) go to people with a skill."""

    category = models.CharField(_("category"), max_length=60, unique=True)
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="needs")

    class Meta:
        ordering = ["category"]

    def __str__(self) -> str:
        return f"{self.category} → {self.skill}"


class User(AbstractUser):
    """A member of the staff. `role` decides what they may do: see `desk.people.rights`."""

    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.AGENT)
    display_name = models.CharField(_("display name"), max_length=30, blank=True)
    hotlines = models.ManyToManyField(
        Hotline,
        verbose_name=_("hotlines"),
        blank=True,
        limit_choices_to={"merged_into": None},
        help_text=_("Empty: all hotlines."),
    )
    department = models.ForeignKey(
        Department, models.SET_NULL, verbose_name=_("department"), null=True, blank=True
    )
    skills = models.ManyToManyField(Skill, verbose_name=_("skills"), blank=True)
    talk_limit = models.PositiveSmallIntegerField(
        _("talks at a time"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    seen_at = models.DateTimeField(_("last at the desk"), null=True, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The name that Wagtail's history and menus show."""
        return str(self)

    @property
    def is_present(self) -> bool:
        return self.seen_at is not None and timezone.now() - self.seen_at < PRESENT_FOR


class Handout(models.TextChoices):
    """How a talk in the queue comes to an agent."""

    BY_SIZE = "by_size", _("By size: a large line assigns, a small one lets agents take")
    PULL = "pull", _("Agents take from the queue")
    PUSH = "push", _("Assigned to who has the least")


class ShiftLength(models.IntegerChoices):
    EIGHT = 8, _("three shifts of 8 hours")
    TWELVE = 12, _("two shifts of 12 hours")


class HotlineRule(models.Model):
    """How a hotline's talks are shared out. Without a row the defaults hold."""

    hotline = models.OneToOneField(Hotline, models.CASCADE, primary_key=True, related_name="rule")
    handout = models.CharField(
        _("handing out"), max_length=8, choices=Handout, default=Handout.BY_SIZE
    )
    shift_hours = models.PositiveSmallIntegerField(
        _("shifts"), choices=ShiftLength, default=ShiftLength.EIGHT
    )
    silent_minutes = models.PositiveSmallIntegerField(
        _("a silent agent loses the talk after (minutes)"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    overflow_minutes = models.PositiveSmallIntegerField(
        _("to the city line after waiting (minutes)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    overflows = models.BooleanField(_("may go to the city line"), default=True)
    skill = models.ForeignKey(
        Skill, models.SET_NULL, verbose_name=_("skill needed"), null=True, blank=True
    )

    def __str__(self) -> str:
        return str(self.hotline)


class ShiftPlan(models.Model):
    """Who is on which shift: of one day, or (no day) of every day that has no plan of its own."""

    hotline = models.ForeignKey(Hotline, models.CASCADE, related_name="shift_plans")
    day = models.DateField(_("day"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hotline", "day"], name="one_plan_a_day"),
            models.UniqueConstraint(
                fields=["hotline"],
                condition=models.Q(day__isnull=True),
                name="one_standing_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hotline_id} {self.day or ''}"


class Duty(models.Model):
    """One person on one shift of a plan. Shift 0 begins at 8:00, each next one when it ends."""

    plan = models.ForeignKey(ShiftPlan, models.CASCADE, related_name="duties")
    shift = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, models.CASCADE, related_name="duties")

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["plan", "shift", "user"], name="once_on_a_shift")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.shift}"
