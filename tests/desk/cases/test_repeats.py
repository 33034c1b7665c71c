"""What is told of a like case is nobody's; the citizen's own comes first."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from actions.like_cases import Asked
from desk.cases.joining import join
from desk.cases.models import Case, Kind, State
from desk.cases.repeats import likely_repeat
from desk.conversations.models import Citizen, Conversation, Message
from desk.people.models import Hotline

pytestmark = pytest.mark.django_db
ASKED = Asked(
    hotline="12345",
    text="德外大街北口路灯坏了三盏，晚上黑漆漆的",
    place="德外大街北口",
    category="城市管理/井盖路灯",
)


@pytest.fixture(autouse=True)
def _static(settings: Any) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def talk(hotline: Hotline) -> Conversation:
    citizen = Citizen.objects.create(
        account="12345-wechat", channel="wechat", external_id="open-id-1"
    )
    return Conversation.objects.create(citizen=citizen, hotline=hotline)


def a_case(hotline: Hotline, **more: Any) -> Case:
    return Case.objects.create(
        **{
            "number": f"2026031700{Case.objects.count():02}",
            "hotline": hotline,
            "content": "德外大街北口的路灯不亮，走路都看不见，我电话13900001234",
            "place": "德外大街北口3单元501",
            "category": "城市管理/井盖路灯",
            "contact_name": "李建国",
            "contact_phone": "13900001234",
        }
        | more
    )


def test_an_open_case_of_the_same_issue_is_found(hotline: Hotline) -> None:
    a_case(hotline, content="垃圾没人清", category="城市管理/市容环卫")
    case = a_case(hotline, state=State.HANDLING)
    found = likely_repeat(ASKED)
    assert found is not None
    assert found.number == case.number
    assert found.people == 1
    assert not found.is_own


@pytest.mark.parametrize(
    "more",
    [
        {"state": State.CLOSED},
        {"state": State.MERGED},
        {"confidential": True},
        {"kind": Kind.PRAISE},
        {"accepted_at": timezone.now() - timedelta(days=90)},
    ],
)
def test_closed_old_and_confidential_cases_are_not_told_of(
    hotline: Hotline, more: dict[str, Any]
) -> None:
    a_case(hotline, **more)
    assert likely_repeat(ASKED) is None


def test_a_case_of_another_hotline_is_not_told_of(hotline: Hotline) -> None:
    a_case(Hotline.objects.get_or_create(code="12341", defaults={"name": "西城热线"})[0])
    assert likely_repeat(ASKED) is None


def test_their_own_case_comes_before_anothers(hotline: Hotline, talk: Conversation) -> None:
    own = a_case(hotline, citizen=talk.citizen)
    a_case(hotline)
    found = likely_repeat(msgspec.structs.replace(ASKED, citizen=talk.citizen_id))
    assert found is not None
    assert found.number == own.number
    assert found.is_own


def test_who_joined_is_counted(hotline: Hotline, talk: Conversation) -> None:
    case = a_case(hotline)
    cause = Message.objects.create(conversation=talk, author="citizen", text="加入")
    assert join(case.number, talk, cause, "我家门口也是") == case
    found = likely_repeat(ASKED)
    assert found is not None
    assert found.people == 2


def test_the_address_answers_this_machine_without_personal_data(hotline: Hotline) -> None:
    case = a_case(hotline)
    response = _ask()
    assert response.status_code == 200
    assert response.json()["repeat"]["number"] == case.number
    for private in ("李建国", "1390000", "501", "走路都看不见"):
        assert private not in response.content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
        {"HTTP_X_REAL_IP": "203.0.113.9"},
    ],
)
def test_nobody_else_is_answered(hotline: Hotline, more: dict[str, str]) -> None:
    a_case(hotline)
    assert _ask(**more).status_code == 404


def test_what_is_no_question_is_refused(hotline: Hotline) -> None:
    assert _ask(body=b"{}").status_code == 400
    assert _ask(body=b'{"hotline": "12345", "text": "", "on": "yesterday"}').status_code == 400
    assert Client().get("/internal/repeats").status_code == 405


def _ask(body: bytes = msgspec.json.encode(ASKED), **more: str) -> Any:
    return Client(enforce_csrf_checks=True).generic(
        "POST", "/internal/repeats", body, content_type="application/json", **more
    )
