from tests.desk.pages.conftest import _plain_static, browser

__all__ = ["_plain_static", "browser"]
