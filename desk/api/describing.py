"""The OpenAPI document, completed: what a case looks like, each step's body, the form of errors."""

from __future__ import annotations

from typing import Any

from desk.api.step_bodies import step_operation, step_schemas
from desk.cases.models import Kind, State, Urgency
from desk.cases.steps import STEPS

type Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_NO_MOMENT: Schema = {"anyOf": [_MOMENT, {"type": "null"}]}


def described(document: Any) -> Any:
    """The document with responses that the routes' types leave open. Changes it in place."""
    schemas = document["components"].setdefault("schemas", {})
    schemas |= {"Error": _error(), "IllegalStep": _illegal_step(), "Case": _case()}
    schemas |= step_schemas()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return document


def _complete(path: str, method: str, operation: Schema) -> None:
    told = {str(code): response for code, response in operation["responses"].items()}
    told |= {code: _response(words, "Error") for code, words in _FAULTS.items()}
    if path.endswith("/cases/{number}/{step}"):
        operation |= step_operation()
        told["409"] = _response("Not legal from this state or for this role.", "IllegalStep")
    if path.endswith("/cases") and method == "get":
        content = {"application/json": {"schema": _page("Case")}}
        told["200"] = {"description": "A page of cases, the newest first", "content": content}
    elif "/cases" in path:
        told["201" if "201" in told else "200"] = _response("The case", "Case")
    operation["responses"] = told


_FAULTS = {
    "401": "No valid token.",
    "403": "The user's role may not do this.",
    "404": "Not there, or not for this user.",
    "422": "Something does not fit; `fields` names what.",
}


def _response(words: str, component: str) -> Schema:
    schema = {"$ref": f"#/components/schemas/{component}"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _page(component: str) -> Schema:
    return _object(
        items={"type": "array", "items": {"$ref": f"#/components/schemas/{component}"}},
        next={"anyOf": [_TEXT, {"type": "null"}]},
    )


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _error() -> Schema:
    fault = _object(field=_TEXT, message=_TEXT)
    inside = _object(code=_TEXT, message=_TEXT)
    inside["properties"]["fields"] = {"type": "array", "items": fault}
    return {"title": "Error", **_object(error=inside)}


def _illegal_step() -> Schema:
    legal: Schema = {"type": "array", "items": {"type": "string", "enum": list(STEPS)}}
    return {
        "title": "IllegalStep",
        **_object(error=_object(code=_TEXT, message=_TEXT), legal=legal),
    }


def _case() -> Schema:
    span: Schema = {"type": "integer", "minimum": 0}
    evidence = _object(message=_TEXT, start=span, end=span)
    field = _object(
        value=_TEXT,
        confidence={"type": "number", "minimum": 0, "maximum": 1},
        evidence={"anyOf": [evidence, {"type": "null"}]},
    )
    event = _object(at=_MOMENT, kind=_TEXT, by=_TEXT, note=_TEXT)
    return {
        "title": "Case",
        **_object(
            number=_TEXT,
            hotline=_TEXT,
            channel=_TEXT,
            kind=_one_of(Kind),
            category=_TEXT,
            department=_TEXT,
            co_departments={"type": "array", "items": _TEXT},
            state=_one_of(State),
            urgency=_one_of(Urgency),
            confidential={"type": "boolean"},
            content=_TEXT,
            place=_TEXT,
            occurred_at=_TEXT,
            citizen=_object(name=_TEXT, phone=_TEXT),
            due_at=_NO_MOMENT,
            overdue={"type": "boolean"},
            fields={"type": "object", "additionalProperties": field},
            events={"type": "array", "items": event},
        ),
    }


def _one_of(words: Any) -> Schema:
    return {"type": "string", "enum": [str(word.value) for word in words]}
