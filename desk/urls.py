"""Addresses of the desk, by what people come for."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls

from desk.api.service import api
from desk.people.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("login/", LoginView.as_view(template_name="people/login.html"), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("conversations/", include("desk.conversations.urls")),
    path("conversations/<int:number>/composing/", include("desk.composing.urls")),
    path("cases/", include("desk.cases.urls")),
    path("case/", include("desk.telling.urls")),
    path("chase/", include("desk.supervision.urls")),
    path("workdays/", include("desk.workdays.urls")),
    path("handling/", include("desk.handling.urls")),
    path("departments/", include("desk.people.department_urls")),
    path("reports/", include("desk.reports.urls")),
    path("replies/", include("desk.replies.urls")),
    path("knowledge/", include("desk.knowledge.urls")),
    path("synonyms/", include("desk.synonyms.urls")),
    path("answers/", include("desk.quality.urls")),
    path("routing/", include("desk.routing.urls")),
    path("shifts/", include("desk.rosters.urls")),
    path("wall/", include("desk.wall.urls")),
    path("practice/", include("desk.practice.urls")),
    path("lessons/", include("desk.lessons.urls")),
    path("reviews/", include("desk.reviewing.urls")),
    path("webhooks/", include("desk.webhooks.urls")),
    path("lines/", include("desk.lines.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", api.urls),
    path("internal/", include("desk.cases.internal")),
]

if settings.ONE_CLICK_LOGIN:
    urlpatterns.append(path("demo/", include("desk.demo.urls")))
