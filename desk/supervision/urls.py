from django.urls import path

from desk.supervision import call_views, views

app_name = "supervision"
urlpatterns = [
    path("", views.big_table, name="table"),
    path("callbacks/", call_views.calls, name="callbacks"),
    path("letters", views.preview, name="letters"),
    path("send", views.send, name="send"),
    path("export.xlsx", views.export, name="export"),
]
