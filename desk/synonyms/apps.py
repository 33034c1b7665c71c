from django.apps import AppConfig


class SynonymsConfig(AppConfig):
    name = "desk.synonyms"
