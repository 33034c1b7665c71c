"""Files in and out, the question that an editor tries, and what stands beside the form."""

from django.urls import path

from desk.knowledge import views
from desk.knowledge.files import pages
from desk.knowledge.writing import pages as writing

app_name = "knowledge"
urlpatterns = [
    path("try", views.try_question, name="try"),
    path("writing/effect", writing.effect, name="effect"),
    path("writing/phone", writing.phone, name="phone"),
    path("writing/similar", writing.similar, name="similar"),
    path("export.<slug:ending>", pages.export, name="export"),
    path("import", pages.upload, name="import"),
    path("import/example.csv", pages.example, name="example"),
    path("import/<int:number>", pages.checked, name="checked"),
    path("import/<int:number>/write", pages.write, name="write"),
]
