"""All that the database holds, as text: whatever was forgotten is found here."""

from __future__ import annotations

from django.apps import apps


def everything() -> str:
    lines = []
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._base_manager.values_list(*names):
            lines += [
                bytes(cell).decode() if isinstance(cell, bytes | memoryview) else str(cell)
                for cell in row
            ]
    return "\n".join(lines)
