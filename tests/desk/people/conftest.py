from tests.desk.pages.conftest import browser

__all__ = ["browser"]
