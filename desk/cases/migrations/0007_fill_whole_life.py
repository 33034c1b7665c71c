"""Gives cases from before the clock's columns their values: safe to repeat, in batches."""

from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models.functions import Now

BATCH = 500
UNANSWERED = ("dispatched", "signed", "return_asked", "handling")
COUNTS = {"ordinary": ("calendar", 7), "hard": ("working", 15)}


def fill(apps, _schema_editor):
    Case = apps.get_model("cases", "Case")
    last = 0
    while True:
        cases = list(
            Case._base_manager.filter(pk__gt=last, dispatched_at__isnull=False, due_basis=[])
            .order_by("pk")[:BATCH]
        )
        if not cases:
            break
        for case in cases:
            day = case.dispatched_at.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
            if case.urgency in COUNTS:
                unit, count = COUNTS[case.urgency]
                case.due_basis = [[unit, day, count]]
            elif case.due_at:
                case.due_basis = [["moment", case.due_at.isoformat()]]
            case.held_since = case.sent_at = case.counted_since = case.dispatched_at
            case.counted_for_id = case.department_id
            case.owed_since = case.dispatched_at if case.state in UNANSWERED else None
        Case._base_manager.bulk_update(
            cases, ["due_basis", "held_since", "sent_at", "counted_since", "counted_for", "owed_since"]
        )
        last = cases[-1].pk
    # The next round of supervision looks at each open one and says when it is to look again.
    Case._base_manager.filter(closed_at__isnull=True, act_at__isnull=True).exclude(
        state__in=["closed", "merged"]
    ).update(act_at=Now())


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_whole_life")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
