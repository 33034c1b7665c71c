"""Who works at the desk, for which hotline and which department."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
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


class Hotline(models.Model):
    code = models.CharField(_("code"), max_length=20, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    district = models.CharField(_("district"), max_length=30, blank=True)
    scope = models.TextField(_("scope"), blank=True)
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    staffing = models.CharField(_("staffing"), max_length=200, blank=True)

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

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A member of the staff. `role` decides what they may do: see `desk.people.rights`."""

    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.AGENT)
    display_name = models.CharField(_("display name"), max_length=30, blank=True)
    hotlines = models.ManyToManyField(
        Hotline, verbose_name=_("hotlines"), blank=True, help_text=_("Empty: all hotlines.")
    )
    department = models.ForeignKey(
        Department, models.SET_NULL, verbose_name=_("department"), null=True, blank=True
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
