from django.urls import path

from desk.workdays import views

app_name = "workdays"
urlpatterns = [
    path("", views.year, name="year"),
    path("enter", views.enter, name="enter"),
    path("change", views.change, name="change"),
]
