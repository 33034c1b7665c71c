from django.urls import path

from desk.quality import set_views, views

app_name = "quality"
urlpatterns = [
    path("", views.page, name="page"),
    path("questions/", views.questions, name="questions"),
    path("set/", set_views.question_set, name="set"),
    path("set/standing", set_views.standing, name="standing"),
    path("set/start", set_views.start, name="start"),
    path("set/export.csv", set_views.export, name="export"),
    path("set/import", set_views.import_file, name="import"),
    path("set/<int:number>/", set_views.one_question, name="question"),
    path("set/<int:number>/remove", set_views.remove, name="remove"),
    path("set/runs/<int:number>/", set_views.one_run, name="run"),
]
