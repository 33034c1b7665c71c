from django.urls import path

from desk.reviewing import finding_views, own_views, rule_views, views

app_name = "reviewing"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("draw", views.draw_month, name="draw"),
    path("rules/", rule_views.rules, name="rules"),
    path("rules/drop", rule_views.drop, name="drop-rule"),
    path("mine/", own_views.mine, name="mine"),
    path("mine/<int:number>/", own_views.one, name="own"),
    path("<int:number>/", views.review, name="review"),
    path("<int:number>/rule", views.ruling, name="rule"),
    path("<int:number>/reply/", finding_views.reply, name="reply"),
    path("<int:number>/draft/", finding_views.draft, name="draft"),
]
