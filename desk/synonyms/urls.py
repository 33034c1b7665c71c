from django.urls import path

from desk.synonyms import views

app_name = "synonyms"
urlpatterns = [
    path("", views.groups, name="groups"),
    path("<int:number>/", views.group, name="group"),
    path("<int:number>/remove", views.remove, name="remove"),
    path("history/", views.history, name="history"),
]
