from tests.desk.handling.conftest import held, letter
from tests.desk.pages.conftest import browser, case

__all__ = ["browser", "case", "held", "letter"]
