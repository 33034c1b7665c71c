from django.urls import path

from desk.rosters import views

app_name = "rosters"
urlpatterns = [
    path("", views.week, name="week"),
    path("put", views.put, name="put"),
    path("copy", views.copy, name="copy"),
    path("people/", views.people, name="people"),
    path("people/<int:number>", views.person, name="person"),
    path("rules/", views.rules, name="rules"),
    path("skills", views.skills, name="skills"),
]
