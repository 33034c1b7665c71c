"""What a citizen may tap, by id. A label is also what they may type."""

from __future__ import annotations

from actions.protocol import Option

ENTRY = "entry:"  # followed by the external id of a knowledge entry
USEFUL = "useful:"  # so is this: what was answered from it helped
UNSOLVED = "unsolved:"  # and this: it did not
CHASE = "chase:"  # followed by the number of a case; the router offers it with the cases

AGENT = Option(id="agent", label="转人工")
COMPLAIN = Option(id="complain", label="反映问题")
STATUS = Option(id="case_status", label="查进度")
NONE = Option(id="none", label="都不是")
CONFIRM = Option(id="confirm", label="没问题，提交")
AMEND = Option(id="amend", label="要改一下")
GIVE_UP = Option(id="give_up", label="不登记了")
JOIN = Option(id="join", label="加入已有诉求")
OPEN_ANYWAY = Option(id="open_anyway", label="仍然新登记")
SKIP = Option(id="skip", label="不清楚")
CANCEL_AGENT = Option(id="cancel_agent", label="不等了")
GREET = "greet"  # a first visit; never shown


def of_entry(external_id: str, label: str) -> Option:
    return Option(id=f"{ENTRY}{external_id}", label=label)


def of_rating(external_id: str) -> tuple[Option, Option]:
    return (
        Option(id=f"{USEFUL}{external_id}", label="有用"),
        Option(id=f"{UNSOLVED}{external_id}", label="没解决"),
    )
