"""WeChat takes 2,048 bytes in a message: where to cut, and what goes first.

Gateway and sender both ask `pieces_of`, and must agree: the exchange sends the first piece and the
sender the rest. The desk asks `cut_parts` for what an editor is shown of an answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from wire.cutting import cut
from wire.messages import Option, Outbound, Part

LIMIT = 2000  # bytes; the platform's 2,048 is measured, not documented
_PICK = "请选择："


def pieces_of(outbound: Outbound, limit: int = LIMIT) -> list[Part]:
    return cut_parts(outbound.parts, limit)


def cut_parts(parts: Iterable[Part], limit: int = LIMIT) -> list[Part]:
    """Each of them a message of its own that WeChat takes."""
    return [piece for part in parts for piece in _pieces(part, limit)]


def numbered(part: Part) -> str:
    """The part as text alone: a passive reply cannot carry buttons."""
    if not part.options:
        return part.text
    lines = "\n".join(f"{number}. {o.label}" for number, o in enumerate(part.options, start=1))
    return f"{part.text}\n{lines}" if part.text else lines


def _pieces(part: Part, limit: int) -> list[Part]:
    if part.file is not None:
        return [part]
    texts = cut(part.text, limit)
    if not part.options:
        return [Part(text=text) for text in texts]
    options = tuple(Option(id=o.id, label=_shorten(o.label)) for o in part.options)
    last = Part(text=texts[-1] if texts else _PICK, options=options)
    if len(numbered(last).encode()) <= limit:
        return [*(Part(text=text) for text in texts[:-1]), last]
    return [*(Part(text=text) for text in texts), *_menus(options, limit)]


def _menus(options: tuple[Option, ...], limit: int) -> list[Part]:
    """More options than a message holds: several menus, each whole."""
    menus: list[Part] = []
    for option in options:
        grown = Part(text=_PICK, options=(*(menus[-1].options if menus else ()), option))
        if menus and len(numbered(grown).encode()) <= limit:
            menus[-1] = grown
        else:
            menus.append(Part(text=_PICK, options=(option,)))
    return menus


def _shorten(label: str) -> str:
    return label if len(label) <= 60 else label[:59] + "…"
