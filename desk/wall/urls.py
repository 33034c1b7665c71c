from django.urls import path

from desk.wall import views

app_name = "wall"
urlpatterns = [
    path("", views.page, name="page"),
    path("late/", views.late, name="late"),
]
