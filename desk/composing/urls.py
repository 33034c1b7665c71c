from django.urls import path

from desk.composing import views

app_name = "composing"
urlpatterns = [
    path("keep", views.keep, name="keep"),
    path("replies", views.replies, name="replies"),
    path("knowledge", views.knowledge, name="knowledge"),
    path("people", views.people, name="people"),
    path("suggestion", views.suggestion, name="suggestion"),
]
