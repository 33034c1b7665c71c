from django.urls import path

from desk.supervision import call_views, letter_views, views

app_name = "supervision"
urlpatterns = [
    path("", views.big_table, name="table"),
    path("callbacks/", call_views.calls, name="callbacks"),
    path("letters", views.preview, name="letters"),
    path("letters/", letter_views.letters, name="letter-list"),
    path("letters/<int:number>/", letter_views.letter, name="letter"),
    path("letters/<int:number>/again", letter_views.again, name="letter-again"),
    path("send", views.send, name="send"),
    path("export.xlsx", views.export, name="export"),
]
