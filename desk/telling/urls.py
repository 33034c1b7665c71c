from django.urls import path

from desk.telling import views

app_name = "telling"
urlpatterns = [
    path("<str:signed>", views.case_page, name="case"),
    path("<str:signed>/files/<int:key>", views.file, name="file"),
    path("<str:signed>/push", views.push, name="push"),
    path("<str:signed>/add", views.add, name="add"),
    path("<str:signed>/over", views.over, name="over"),
]
