from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.people.models import User
from tests.desk.api.conftest import Api

pytestmark = pytest.mark.django_db


def test_categories_come_with_their_class_in_the_standard(
    user: Callable[..., User], as_user: Callable[[User], Api], nobody: Api
) -> None:
    assert nobody.get("/categories").status_code == 401
    items = as_user(user("agent")).get("/categories").json()["items"]
    assert len(items) == 99
    noise = next(item for item in items if item["code"] == "0402")
    assert noise["name"] == "自然资源与环境保护/污染防治"
    assert "环境保护/噪声污染" in noise["categories"]
