from tests.desk.handling.conftest import held, letter
from tests.desk.pages.conftest import _plain_static, browser, case

__all__ = ["_plain_static", "browser", "case", "held", "letter"]
