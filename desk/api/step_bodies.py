"""The steps' bodies as OpenAPI tells them: from the same types that read them."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db.models import TextChoices

from desk.cases.steps import STEPS

_IN_COMPONENTS = "#/components/schemas/"


def step_schemas() -> dict[str, Any]:
    """One schema a step, by its name among the components."""
    kinds = [step.body for step in STEPS.values()]
    _refs, schemas = msgspec.json.schema_components(
        kinds, schema_hook=_choices, ref_template="{name}"
    )
    return {
        _component(name): {
            **_flat(schemas[step.body.__name__], schemas),
            "title": name,
            "description": _described(name),
        }
        for name, step in STEPS.items()
    }


def step_operation() -> dict[str, Any]:
    """What the route of a step says of itself in place of what its function does."""
    each = [{"$ref": _IN_COMPONENTS + _component(name)} for name in STEPS]
    return {
        "summary": "Take a step of a case",
        "description": "What is not legal now, or not for this role, answers 409 with `legal`, "
        "the steps that are.\n\n" + "\n".join(f"- `{name}`: {_described(name)}" for name in STEPS),
        "parameters": [
            {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}},
            {
                "name": "step",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": list(STEPS)},
            },
        ],
        "requestBody": {
            "required": False,  # for a step that needs nothing
            "content": {"application/json": {"schema": {"anyOf": each}}},
        },
    }


def _choices(kind: type) -> dict[str, Any]:
    """Django's choices, which are no enumeration to msgspec."""
    if not issubclass(kind, TextChoices):
        raise NotImplementedError
    return {"type": "string", "enum": list(kind.values)}


def _component(step: str) -> str:
    return f"step_{step}"


def _described(name: str) -> str:
    step = STEPS[name]
    return f"from {', '.join(step.sources)}; by {', '.join(sorted(step.roles))}, admin"


def _flat(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """References are to our own small enumerations: written out where they stand."""
    if "$ref" in schema:
        return _flat(schemas[schema["$ref"]], schemas)
    return {
        key: _flat(value, schemas)
        if isinstance(value, dict)
        else [_flat(one, schemas) if isinstance(one, dict) else one for one in value]
        if isinstance(value, list)
        else value
        for key, value in schema.items()
    }
