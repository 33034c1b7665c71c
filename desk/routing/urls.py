from django.urls import path

from desk.routing import moving, views

app_name = "routing"
urlpatterns = [
    path("move/", moving.move, name="move"),
    path("talks/<int:number>/pass-on/", views.pass_on, name="pass-on"),
    path("talks/<int:number>/look", views.look, name="look"),
]
