"""Where the links of a department's page lead: to the desk, or behind a letter's signed link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse


class Way(Protocol):
    def case(self, number: str) -> str:
        """Empty for a case that does not lie this way."""
        ...

    def step(self, number: str, step: str) -> str: ...

    def file(self, number: str, key: int) -> str: ...


@dataclass(frozen=True)
class ByDesk:
    def case(self, number: str) -> str:
        return reverse("handling:case", args=[number])

    def step(self, number: str, step: str) -> str:
        return reverse("handling:step", args=[number, step])

    def file(self, number: str, key: int) -> str:
        return reverse("cases:file", args=[number, key])


@dataclass(frozen=True)
class ByLink:
    token: str
    numbers: frozenset[str]  # of its letter's cases

    def case(self, number: str) -> str:
        if number not in self.numbers:
            return ""
        return reverse("handling:link-case", args=[self.token, number])

    def step(self, number: str, step: str) -> str:
        return reverse("handling:link-step", args=[self.token, number, step])

    def file(self, number: str, key: int) -> str:
        return reverse("handling:link-file", args=[self.token, number, key])
