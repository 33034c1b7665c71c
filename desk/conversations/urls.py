from django.urls import path

from desk.conversations import attachments, changes, finding, views

app_name = "conversations"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("rows", views.rows, name="rows"),
    path("tabs", views.tabs, name="tabs"),
    path("find", finding.find, name="find"),
    path("counts", views.counts, name="counts"),
    path("attachments/<int:number>", attachments.attachment, name="attachment"),
    path("entries/<str:external_id>", views.entry, name="entry"),
    path("<int:number>/", views.inbox, name="talk"),
    path("<int:number>/open", views.open_talk, name="open"),
    path("<int:number>/say", changes.say, name="say"),
    path("<int:number>/note", changes.note, name="note"),
    path("<int:number>/read", changes.read, name="read"),
    path("<int:number>/take-over", changes.take_over, name="take-over"),
    path("<int:number>/hand-back", changes.hand_back, name="hand-back"),
    path("<int:number>/requeue", changes.requeue, name="requeue"),
    path("<int:number>/close", changes.close, name="close"),
    path("<int:number>/open-case", changes.open_case, name="open-case"),
    path("<int:number>/reveal", changes.reveal, name="reveal"),
]
