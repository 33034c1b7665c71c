from tests.desk.handling.conftest import handler, held, store
from tests.desk.pages.conftest import _plain_static, browser, case

__all__ = ["_plain_static", "browser", "case", "handler", "held", "store"]
