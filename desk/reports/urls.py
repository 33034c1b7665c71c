from django.urls import path

from desk.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.month, name="month"),
    path("cases/", views.cases, name="cases"),
    path("departments/<int:number>/", views.department, name="department"),
    path("month.xlsx", views.spreadsheet, name="xlsx"),
    path("month.pdf", views.paper, name="pdf"),
]
