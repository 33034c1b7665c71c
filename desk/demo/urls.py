from django.urls import path

from desk.demo.views import enter

app_name = "demo"
urlpatterns = [path("enter/<slug:username>", enter, name="enter")]
