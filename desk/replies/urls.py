from django.urls import path

from desk.replies import views

app_name = "replies"
urlpatterns = [
    path("", views.replies, name="all"),
    path("<int:number>/", views.replies, name="one"),
    path("<int:number>/remove", views.remove, name="remove"),
    path("<int:number>/used", views.used, name="used"),
]
