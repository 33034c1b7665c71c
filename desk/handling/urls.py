from django.urls import path

from desk.handling import letter_views, link_views, views

app_name = "handling"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("letters/", letter_views.letters, name="letters"),
    path("letters/<int:number>/", letter_views.letter, name="letter"),
    path("link/<str:token>", link_views.letter, name="link"),
    path("link/<str:token>/<str:number>/", link_views.case, name="link-case"),
    path("link/<str:token>/<str:number>/files/<int:key>", link_views.file, name="link-file"),
    path("link/<str:token>/<str:number>/<slug:step>", link_views.step, name="link-step"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/<slug:step>", views.step, name="step"),
]
