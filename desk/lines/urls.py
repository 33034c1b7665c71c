from django.urls import path

from desk.lines import views

app_name = "lines"
urlpatterns = [
    path("", views.lines, name="lines"),
    path("transfers/", views.moved, name="transfers"),
    path("merges/<int:number>/", views.merge, name="merge"),
]
