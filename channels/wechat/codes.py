"""WeChat's error codes, by what to do next. HTTP is 200 for all of them."""

from __future__ import annotations

from channels.errors import Misconfigured, Refused, SendError, TryLater

TOKEN_INVALID = frozenset({40001, 40014, 42001})
NO_MENU_HERE = 40200  # "invalid account type": menus are not for this account
TOO_LONG = 45002
QUOTA_SPENT = frozenset({45015, 45047})  # the window has closed; the count is used up
_BUSY = frozenset({-1})
_NEXT_MINUTE = frozenset({45011})
_TOO_OFTEN = frozenset({43117})
_ALARM = frozenset({40013, 40125, 40164, 41001, 45009, 48001, 48004, 50002, 40037, 43116})


def error_of(code: int) -> SendError:
    """What a code other than 0 means for the message that was being sent."""
    reason = str(code)
    if code in _BUSY or code in TOKEN_INVALID:
        return TryLater(reason)
    if code in _NEXT_MINUTE:
        return TryLater(reason, wait=60)
    if code in _TOO_OFTEN:
        return TryLater(reason, wait=30)
    if code in _ALARM:
        return Misconfigured(reason)
    return Refused(reason)
