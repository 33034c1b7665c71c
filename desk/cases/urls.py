from django.urls import path

from desk.cases import field_views, proof_views, views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("<str:number>/", views.case_page, name="page"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/fields", field_views.confirm_fields, name="confirm-all"),
    path("<str:number>/fields/<slug:name>", field_views.confirm_field, name="confirm"),
    path("<str:number>/fields/<slug:name>/edit", field_views.edit_field, name="edit-field"),
    path("<str:number>/fields/<slug:name>/change", field_views.change_field, name="change-field"),
    path("<str:number>/files/<int:key>", proof_views.file, name="file"),
    path("<str:number>/<slug:step>", views.step, name="step"),
]
