from django.apps import AppConfig


class ComposingConfig(AppConfig):
    name = "desk.composing"
