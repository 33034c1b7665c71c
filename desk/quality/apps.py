from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "desk.quality"
