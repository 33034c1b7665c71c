"""The steps' bodies as OpenAPI tells them: from the same types that read them."""

from __future__ import annotations

from typing import Any

import msgspec

from desk.cases.steps import STEPS


def step_bodies() -> dict[str, Any]:
    """What the route of a step adds to its description: one schema a step, and the 409."""
    kinds = [step.body for step in STEPS.values()]
    _refs, schemas = msgspec.json.schema_components(kinds, ref_template="{name}")
    each = [
        {**_flat(schemas[step.body.__name__], schemas), "title": name}
        for name, step in STEPS.items()
    ]
    steps = {"name": "step", "in": "path", "required": True}
    return {
        "summary": "Take a step of a case",
        "description": "Steps: " + ", ".join(STEPS) + ". What is not legal now answers 409 with "
        "`legal`, the steps that are.",
        "parameters": [
            {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}},
            {**steps, "schema": {"type": "string", "enum": list(STEPS)}},
        ],
        "requestBody": {"content": {"application/json": {"schema": {"anyOf": each}}}},
        "responses": {
            409: {
                "description": "Not legal from this state or for this role.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "error": {"type": "object"},
                                "legal": {"type": "array", "items": {"enum": list(STEPS)}},
                            },
                        }
                    }
                },
            }
        },
    }


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
