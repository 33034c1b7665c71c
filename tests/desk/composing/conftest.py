from tests.desk.pages.conftest import _plain_static, browser, case, talk

__all__ = ["_plain_static", "browser", "case", "talk"]
