from django.urls import path

from desk.lessons import views

app_name = "lessons"
urlpatterns = [
    path("talks/<int:number>/wrong/<int:message>/", views.wrong, name="wrong"),
    path("talks/<int:number>/offer", views.offer, name="offer"),
    path("talks/<int:number>/draft/", views.draft, name="draft"),
    path("talks/<int:number>/decline", views.decline, name="decline"),
    path("wrong/<int:number>/settle", views.settle, name="settle"),
]
