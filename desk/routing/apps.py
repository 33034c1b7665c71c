from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "desk.routing"

    def ready(self) -> None:
        from desk.routing import leaving as _listens  # noqa: F401
