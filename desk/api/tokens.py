"""Who calls: the user of the bearer token. The tokens are Wagtail's, digests only."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from wagtail.models import APIToken

from desk.people.models import User

NOTED_EVERY = timedelta(minutes=5)


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        if not APIToken.validate_token_format(token):
            return None
        found = (
            APIToken.objects.select_related("user")
            .filter(
                key_hash__in=APIToken.candidate_key_hashes(token),
                revoked_at__isnull=True,
                user__is_active=True,
            )
            .first()
        )
        if found is None:
            return None
        now = timezone.now()
        if found.last_used_at is None or now - found.last_used_at > NOTED_EVERY:
            APIToken.objects.filter(pk=found.pk).update(last_used_at=now)
        user: User = found.user
        request.user = user
        return user
