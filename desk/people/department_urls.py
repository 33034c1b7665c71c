from django.urls import path

from desk.people import department_views

app_name = "departments"
urlpatterns = [
    path("", department_views.departments, name="list"),
    path("<int:number>/", department_views.department, name="edit"),
]
