from django.urls import path

from desk.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("<str:number>/", views.case_page, name="page"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/<slug:step>", views.step, name="step"),
]
