from django.urls import path

from desk.practice import views

app_name = "practice"
urlpatterns = [
    path("", views.citizens, name="citizens"),
    path("begin/<slug:citizen>", views.begin_with, name="begin"),
    path("talks/<int:number>/panel", views.panel, name="panel"),
    path("runs/<int:number>/", views.run, name="run"),
    path("runs/<int:number>/end", views.end, name="end"),
]
