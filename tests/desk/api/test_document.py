"""The OpenAPI document, and the page that shows it without asking anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from desk.cases.models import State
from desk.cases.steps import STEPS
from tests.desk.api.conftest import Api

pytestmark = pytest.mark.django_db
METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
STEP = "/api/v1/cases/{number}/{step}"


@pytest.fixture
def document() -> dict[str, Any]:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    document: dict[str, Any] = response.json()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_address_of_the_contract_is_in_it(document: dict[str, Any]) -> None:
    there = {(method, path.removeprefix("/api/v1")) for path, method, _ in operations(document)}
    assert there >= {
        ("get", "/cases"), ("post", "/cases"), ("get", "/cases/{number}"),
        ("post", "/cases/{number}/{step}"), ("get", "/knowledge"), ("post", "/knowledge"),
        ("get", "/knowledge/{external_id}"), ("patch", "/knowledge/{external_id}"),
        ("get", "/conversations/{number}"), ("get", "/reports/departments"),
        ("get", "/webhooks"), ("post", "/webhooks"), ("get", "/webhooks/{number}"),
        ("delete", "/webhooks/{number}"), ("post", "/webhooks/{number}/test"),
    }  # fmt: skip


def test_the_document_is_well_formed(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"]
    assert document["info"]["version"]
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    schemes = document["components"]["securitySchemes"]
    for path, method, operation in operations(document):
        assert path.startswith("/")
        assert method in METHODS
        named = [(one["name"], one["in"]) for one in operation.get("parameters", [])]
        assert len(named) == len(set(named))
        assert {name for name, where in named if where == "path"} == set(
            re.findall(r"{(\w+)}", path)
        )
        for one in operation.get("parameters", []):
            assert one["in"] != "path" or one["required"] is True
            assert "schema" in one
        assert operation["responses"]
        for code, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", code)
            assert response["description"]
        for scheme in operation["security"]:
            assert set(scheme) <= set(schemes)
    assert schemes["Token"] == {"type": "http", "scheme": "bearer"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        assert reference.startswith("#/")
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert isinstance(node, dict)
    for name in document["components"]["schemas"]:
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)


def test_every_step_has_its_body(document: dict[str, Any]) -> None:
    operation = document["paths"][STEP]["post"]
    step = next(one for one in operation["parameters"] if one["name"] == "step")
    assert step["schema"]["enum"] == list(STEPS)
    schemas = document["components"]["schemas"]
    bodies = operation["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    by_name = {schemas[one["$ref"].rpartition("/")[2]]["title"]: one for one in bodies}
    assert set(by_name) == set(STEPS)
    assert set(schemas["step_dispatch"]["properties"]) == {
        "department", "co_departments", "urgency", "note",
    }  # fmt: skip
    assert schemas["step_dispatch"]["required"] == ["department"]
    assert set(schemas["step_callback"]["properties"]) == {
        "reached", "solved", "satisfied", "note",
    }  # fmt: skip
    assert set(schemas["step_extend"]["required"]) == {"working_days", "reason"}
    assert schemas["step_extend"]["properties"]["working_days"]["maximum"] == 10
    assert set(schemas["step_transfer"]["properties"]) == {"hotline", "reason", "with_talk"}
    assert schemas["step_sign"]["properties"] == {}
    refused = operation["responses"]["409"]["content"]["application/json"]["schema"]["$ref"]
    assert set(schemas[refused.rpartition("/")[2]]["properties"]) == {"error", "legal"}
    assert schemas["Case"]["properties"]["state"]["enum"] == [state.value for state in State]


def test_the_page_of_the_document_asks_nobody_else() -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/static/ninja/"), address
        assert finders.find(address.removeprefix("/static/"))
    assert "//" not in re.sub(r"<!--.*?-->", "", page.text)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/nothing", 404, "not_found"),
        ("get", "/cases/", 404, "not_found"),
        ("get", "/conversations/abc", 404, "not_found"),
        ("put", "/cases", 405, "method_not_allowed"),
        ("delete", "/knowledge", 405, "method_not_allowed"),
        ("get", "/cases", 401, "unauthorized"),
        ("post", "/webhooks", 401, "unauthorized"),
    ],
)
def test_whatever_is_refused_is_told_in_one_form(
    nobody: Api, method: str, path: str, status: int, code: str
) -> None:
    response = getattr(Client(), method)(f"/api/v1{path}")
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("application/json")
    assert set(response.json()) == {"error"}
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["message"]
