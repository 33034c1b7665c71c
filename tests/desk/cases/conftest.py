from tests.desk.handling.conftest import handler, held, store
from tests.desk.pages.conftest import browser, case

__all__ = ["browser", "case", "handler", "held", "store"]
