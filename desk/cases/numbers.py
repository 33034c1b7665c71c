"""Case numbers: the day in Shanghai and a count, twelve digits (longer after 9,999 a day)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from desk.cases.models import CaseCounter

SHANGHAI = ZoneInfo("Asia/Shanghai")


def next_number(now: datetime) -> str:
    """The next number of the day. Inside a transaction: the counter's row is the lock."""
    day = now.astimezone(SHANGHAI).date()
    CaseCounter.objects.get_or_create(day=day)
    counter = CaseCounter.objects.select_for_update().get(day=day)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{day:%Y%m%d}{counter.last:04d}"
