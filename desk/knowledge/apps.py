from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "desk.knowledge"

    def ready(self) -> None:
        from desk.knowledge import changes  # noqa: F401  connects the signals
