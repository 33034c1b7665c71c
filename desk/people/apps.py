from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "desk.people"

    def ready(self) -> None:
        from desk.people import directory  # noqa: F401  connects the signals
