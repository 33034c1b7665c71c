from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "desk.workdays"
