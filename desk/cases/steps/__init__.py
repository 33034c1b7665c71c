"""The steps of a case: one table says from where, to where and by whom; one function takes them."""

from desk.cases.errors import BadBody, IllegalStep, WrongStep
from desk.cases.steps.table import STEPS, legal_steps, steps_to_come, why_not
from desk.cases.steps.taking import take

__all__ = [
    "STEPS",
    "BadBody",
    "IllegalStep",
    "WrongStep",
    "legal_steps",
    "steps_to_come",
    "take",
    "why_not",
]
