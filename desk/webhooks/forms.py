"""An endpoint as an administrator types it, kept as it was typed whatever happens."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise

from desk.cases.history import label_of
from desk.pages.typed import storable
from desk.people.models import Hotline
from desk.webhooks.kinds import kinds


@dataclass(frozen=True)
class Choice:
    key: str
    label: str | Promise
    is_picked: bool


@dataclass(frozen=True)
class Typed:
    url: str = ""
    kinds: tuple[str, ...] = ()
    hotlines: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: QueryDict) -> Typed:
        return cls(
            url=storable(data.get("url", "")),
            kinds=tuple(storable(one) for one in data.getlist("kind")[:100]),
            hotlines=tuple(storable(one) for one in data.getlist("hotline")[:200]),
        )

    @property
    def kind_choices(self) -> list[Choice]:
        return [Choice(kind, label_of(kind), kind in self.kinds) for kind in kinds()]

    @property
    def hotline_choices(self) -> list[Choice]:
        return [
            Choice(hotline.code, str(hotline), hotline.code in self.hotlines)
            for hotline in Hotline.objects.all()
        ]
