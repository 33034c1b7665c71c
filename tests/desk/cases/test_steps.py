"""The table of the standard: from where, to where, by whom; and what each step leaves behind."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from desk.cases.actors import CITIZEN
from desk.cases.errors import BadBody, IllegalStep
from desk.cases.models import OPEN_STATES, Case, CaseEvent, Kind, State, Unchangeable
from desk.cases.moments import SHANGHAI
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import STEPS, legal_steps, take
from desk.people.models import Department, Hotline, Role, User

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# As the contract has it: states from which, and roles.
_OPEN = set(OPEN_STATES)
CONTRACT = {
    "dispatch": ({"accepted"}, {"agent", "supervisor"}),
    "sign": ({"dispatched"}, {"handler"}),
    "return": ({"dispatched", "signed"}, {"handler"}),
    "rule_return": ({"return_asked"}, {"supervisor"}),
    "reassign": ({"dispatched", "signed", "handling"}, {"supervisor"}),
    "co_handle": ({"dispatched", "signed", "handling"}, {"supervisor"}),
    "handle": ({"signed"}, {"handler"}),
    "extend": ({"signed", "handling"}, {"handler"}),
    "rule_extension": ({"signed", "handling"}, {"supervisor"}),
    "suspend": ({"handling"}, {"supervisor"}),
    "resume": ({"suspended"}, {"supervisor"}),
    "answer": ({"signed", "handling"}, {"handler"}),
    "review": ({"answered"}, {"agent", "supervisor"}),
    "callback": (_OPEN, {"agent"}),
    "close": ({"called_back", "accepted"}, {"agent", "supervisor"}),
    "redo": ({"called_back", "closed"}, {"agent", "supervisor"}),
    "chase": (_OPEN, {"citizen", "agent", "supervisor"}),
    "supervise": (_OPEN, {"citizen", "agent", "supervisor"}),
    "note": (_OPEN, {"citizen", "agent", "supervisor"}),
    "merge": ({"accepted", "dispatched", "signed", "handling"}, {"agent", "supervisor"}),
    "unmerge": ({"merged"}, {"agent", "supervisor"}),
    "transfer": (_OPEN, {"agent", "supervisor"}),
}


class Life:
    """A case, and the people who move it."""

    def __init__(self, hotline: Hotline, department: Department) -> None:
        self.department = department
        self.people = {
            role: User.objects.create(
                username=role, role=role, department=department if role == "handler" else None
            )
            for role in ("agent", "handler", "supervisor", "admin")
        }
        self.number = self.another(hotline).number
        self.at = MONDAY

    def another(self, hotline: Hotline, content: str = "路灯不亮") -> Case:
        case = open_by_hand(self.people["agent"], hotline.code, content, Known(kind=Kind.COMPLAINT))
        Case.objects.filter(pk=case.pk).update(accepted_at=MONDAY)
        return case

    @property
    def case(self) -> Case:
        return Case.objects.get(number=self.number)

    def do(self, step: str, role: str, after: timedelta = HOUR, **body: Any) -> Case:
        self.at += after
        return take(self.number, step, self.people[role], body, at=self.at)

    def dispatch(self, **body: Any) -> Case:
        return self.do("dispatch", "agent", timedelta(0), department=self.department.name, **body)

    def answered(self) -> Case:
        self.dispatch()
        self.do("sign", "handler")
        return self.do("answer", "handler", DAY, text="已修好")

    def called_back(self, **said: Any) -> Case:
        self.answered()
        self.do("review", "agent", approve=True)
        return self.do("callback", "agent", DAY, **({"reached": True} | said))


@pytest.fixture
def life(hotline: Hotline, department: Department) -> Life:
    return Life(hotline, department)


@pytest.fixture
def another(db: None) -> Department:
    return Department.objects.create(name="区住房和城乡建设委员会")


@pytest.mark.parametrize("role", ["agent", "handler", "supervisor", "admin"])
def test_the_table_is_the_contracts(life: Life, role: str) -> None:
    life.dispatch()
    case = life.case
    case.extension_asked = None
    for state in State:
        case.state = state
        for asked in (None, 3):
            case.extension_asked = asked
            hindered = "extend" if asked else "rule_extension"
            expected = {
                name
                for name, (states, roles) in CONTRACT.items()
                if state in states and (role in roles or role == "admin") and name != hindered
            }
            # Long after the dispatch nothing goes back, and everybody is called back.
            late = MONDAY + 8 * DAY
            assert set(legal_steps(case, life.people[role], late)) == expected - {"return"}
            soon = set(legal_steps(case, life.people[role], MONDAY + HOUR))
            assert soon == (expected if state == State.REVIEWED else expected - {"callback"})


def test_the_table_names_every_step_of_the_contract() -> None:
    assert set(STEPS) == set(CONTRACT)


def test_a_case_goes_to_its_end(life: Life) -> None:
    life.called_back(solved=True, satisfied=5)
    case = life.do("close", "agent", note="市民满意")

    assert case.state == State.CLOSED
    kinds = list(case.events.values_list("kind", flat=True))
    assert sorted(kinds) == sorted(
        ["accepted", "dispatch", "sign", "answer", "review", "callback", "close"]
    )
    assert case.events.get(kind="answer").by == "handler"
    assert case.events.get(kind="answer").note == "已修好"


def test_what_is_not_legal_changes_nothing_and_says_what_is(life: Life) -> None:
    life.dispatch()
    with pytest.raises(IllegalStep) as refused:
        life.do("answer", "handler", text="好了")
    assert set(refused.value.legal) == {"sign", "return"}
    assert life.case.state == State.DISPATCHED
    assert not CaseEvent.objects.filter(kind="answer").exists()


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("dispatch", {}, "department"),
        ("dispatch", {"department": "没有这个局"}, "没有这个局"),
        ("close", {}, "note"),
        ("transfer", {"hotline": "00000", "reason": "x"}, "00000"),
        ("merge", {"into": "209901010001"}, "209901010001"),
    ],
)
def test_a_body_that_does_not_fit_is_said_by_field(
    life: Life, step: str, body: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadBody, match=field):
        life.do(step, "agent", **body)
    assert life.case.state == State.ACCEPTED


def test_an_extension_is_one_to_ten_working_days(life: Life) -> None:
    life.dispatch()
    life.do("sign", "handler")
    for days in (0, 11, "x", 1.5):
        with pytest.raises(BadBody, match="working_days"):
            life.do("extend", "handler", working_days=days, reason="需要会商")


def test_the_clock_runs_from_the_first_dispatch(life: Life, another: Department) -> None:
    first = life.dispatch().due_at
    life.do("reassign", "supervisor", DAY, department=another.name, reason="职责在住建")
    assert life.case.due_at == first
    assert life.case.department == another


def test_an_approved_return_goes_back_to_the_line_and_keeps_the_clock(
    life: Life, another: Department
) -> None:
    first = life.dispatch().due_at
    life.do("return", "handler", reason="不是我们的路段")
    case = life.do("rule_return", "supervisor", approve=True)
    assert (case.state, case.department, case.counted_for) == (State.ACCEPTED, None, None)

    case = life.do("dispatch", "agent", department=another.name)
    assert (case.due_at, case.counted_for, case.returns) == (first, another, 1)


def test_a_refused_return_stays_with_the_department(life: Life) -> None:
    life.dispatch()
    life.do("return", "handler", reason="不是我们的路段")
    with pytest.raises(BadBody, match="reason"):
        life.do("rule_return", "supervisor", approve=False)
    case = life.do("rule_return", "supervisor", approve=False, reason="路段在名录内")
    assert (case.state, case.department) == (State.DISPATCHED, life.department)


def test_a_return_comes_within_two_working_days(life: Life) -> None:
    life.dispatch()
    with pytest.raises(IllegalStep, match="2 个工作日"):
        life.do("return", "handler", 3 * DAY, reason="不是我们的路段")


def test_more_time_is_granted_once(life: Life) -> None:
    first = life.dispatch().due_at
    life.do("sign", "handler")
    life.do("extend", "handler", working_days=5, reason="等配件")
    assert life.case.due_at == first
    case = life.do("rule_extension", "supervisor", approve=True)
    assert case.due_at == datetime(2026, 3, 17, tzinfo=SHANGHAI)
    with pytest.raises(IllegalStep, match="一次"):
        life.do("extend", "handler", working_days=1, reason="再等等")


def test_a_suspended_case_resumes_with_what_was_left(life: Life) -> None:
    life.dispatch()
    life.do("sign", "handler")
    life.do("handle", "handler")
    life.do("suspend", "supervisor", DAY, reason="等法院判决", until="2026-03-20")
    case = life.do("resume", "supervisor", 7 * DAY)
    assert case.state == State.HANDLING
    assert case.due_at == datetime(2026, 3, 17, tzinfo=SHANGHAI)


def test_an_answer_that_is_not_accepted_is_owed_again(life: Life) -> None:
    life.answered()
    case = life.do("review", "agent", approve=False, reason="没有回答整改时间")
    assert (case.state, case.approved_at) == (State.HANDLING, None)


def test_redoing_sends_it_back_with_the_file(life: Life) -> None:
    life.called_back(solved=False, satisfied=1)
    case = life.do("redo", "agent", reason="市民说没有解决")
    assert (case.state, case.department) == (State.DISPATCHED, life.department)
    assert (case.approved_at, case.closed_at) == (None, None)


def test_before_day_seven_a_call_back_follows_the_review(life: Life) -> None:
    life.dispatch()
    with pytest.raises(IllegalStep, match="第 7 天"):
        life.do("callback", "agent", DAY, reached=True)
    case = life.do("callback", "agent", 6 * DAY, reached=True, solved=False)
    assert case.state == State.DISPATCHED


def test_who_was_not_reached_has_no_opinion(life: Life) -> None:
    life.answered()
    life.do("review", "agent", approve=True)
    with pytest.raises(BadBody, match="没有联系上"):
        life.do("callback", "agent", reached=False, solved=True)


def test_a_citizen_chases_and_it_is_counted(life: Life) -> None:
    life.dispatch()
    take(life.number, "chase", CITIZEN, {}, at=life.at + HOUR)
    assert life.case.pushes == 1
    assert life.case.events.get(kind="chase").by == "citizen"


def test_an_administrator_takes_any_step_and_stands_as_one(life: Life) -> None:
    life.dispatch()
    life.do("sign", "admin")
    assert life.case.events.get(kind="sign").by == "admin"


def test_a_handler_of_another_department_does_nothing(life: Life, another: Department) -> None:
    life.dispatch()
    other = User.objects.create(username="other", role=Role.HANDLER, department=another)
    assert legal_steps(life.case, other, life.at) == []


def test_a_merged_case_goes_back_to_where_it_stood(
    life: Life, hotline: Hotline, department: Department
) -> None:
    into = life.another(hotline, "路灯不亮，很黑")
    life.dispatch()
    life.do("sign", "handler")
    assert life.do("merge", "agent", into=into.number).merged_into == into
    assert life.do("unmerge", "agent").state == State.SIGNED


def test_a_case_moves_to_another_line_with_file_and_clock(life: Life) -> None:
    Hotline.objects.create(code="12341", name="西城")
    due = life.dispatch().due_at
    case = life.do("transfer", "agent", hotline="12341", reason="属地是西城")
    assert (case.hotline_id, case.state, case.due_at) == ("12341", State.DISPATCHED, due)


def test_history_is_never_changed(life: Life) -> None:
    event = life.case.events.get()
    event.note = "改过"
    for change in (event.save, event.delete, CaseEvent.objects.all().delete):
        with pytest.raises(Unchangeable):
            change()
    with pytest.raises(Unchangeable):
        CaseEvent.objects.update(note="改过")
    assert life.case.events.get().note == ""
