from tests.desk.pages.conftest import browser, case, talk

__all__ = ["browser", "case", "talk"]
