"""Files in and out, and the question that an editor tries."""

from django.urls import path

from desk.knowledge import views
from desk.knowledge.files import pages

app_name = "knowledge"
urlpatterns = [
    path("try", views.try_question, name="try"),
    path("export.<slug:ending>", pages.export, name="export"),
    path("import", pages.upload, name="import"),
    path("import/example.csv", pages.example, name="example"),
    path("import/<int:number>", pages.checked, name="checked"),
    path("import/<int:number>/write", pages.write, name="write"),
]
