from django.urls import path

from desk.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoints, name="list"),
    path("<int:number>/", views.endpoint, name="endpoint"),
    path("<int:number>/test", views.test, name="test"),
    path("<int:number>/off", views.off, name="off"),
    path("<int:number>/on", views.on, name="on"),
    path("<int:number>/remove", views.remove, name="remove"),
    path("<int:number>/again/<int:delivery>", views.again, name="again"),
]
