"""More of Wagtail's words that its Chinese lacks or says badly; ours stand in the catalogue.

Nothing here is called: the marks keep the words there when it is brought up to date.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

WORDS = (
    _("Select all snippets in listing"),
    _("Privacy and access"),
    _("Awaiting your review"),
    _("Yes, unpublish it"),
    _("Yes, unpublish"),
    _("No, don't unpublish"),
    _("Enter your %(username_field_name)s"),
    _("Submit to %(workflow_name)s"),
    _("Submit for moderation"),
    _("%(label)s and Publish"),
    _("Approve with comment"),
    _("Request changes"),
    _("Cancel workflow "),
    _("Restart workflow "),
    _("Save draft"),
    _("Unpublish"),
    _("Add %(model_name)s"),
    _("Locked by <b>you</b> at <b>%(locking_date)s</b>"),
    _("Locked by <b>%(locked_by)s</b> at <b>%(locking_date)s</b>"),
    _("More bulk actions"),
    _("Item %(index)s of %(total)s"),
    _("There are no %(model_name)s to display."),
    _("Is commenting action"),
    _("model log entries"),
    _("model log entry"),
    _("- Select an option -"),
    _("%(model_name)s '%(object)s' created."),
    _("%(model_name)s '%(object)s' updated."),
    _("Are you sure you want to unpublish this %(model_name)s?"),
    _("Resubmit to %(task_name)s"),
    _("Resubmitted '%(task)s'. Workflow resumed"),
)
COUNTED = (
    ngettext_lazy(
        "This %(model_name)s is referenced %(usage_count)s time.",
        "This %(model_name)s is referenced %(usage_count)s times.",
        "usage_count",
    ),
    ngettext_lazy("a second ago", "%(count)s seconds ago", "count"),
    ngettext_lazy("a minute ago", "%(count)s minutes ago", "count"),
    ngettext_lazy("an hour ago", "%(count)s hours ago", "count"),
)
