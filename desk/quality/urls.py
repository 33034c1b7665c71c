from django.urls import path

from desk.quality import views

app_name = "quality"
urlpatterns = [
    path("", views.page, name="page"),
    path("questions/", views.questions, name="questions"),
]
