from tests.desk.pages.conftest import _plain_static

__all__ = ["_plain_static"]
