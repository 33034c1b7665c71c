"""Words of Wagtail's that its own Chinese catalogue lacks, as editors and reviewers meet them.

Only listed here so that extraction keeps them in our catalogue, which Django asks first.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

WORDS = (
    # the list of entries
    _("Search all pages…"),
    _("No %(model_name)s match your query."),
    _('There are no %(model_name)s to display. Why not <a href="%(add_url)s">add one</a>?'),
    _("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"),
    _("Sort by '%(label)s' in ascending order."),
    _("Sort by '%(label)s' in descending order."),
    _("(blank)"),
    _("Any"),
    _("Anyone"),
    _("item"),
    _("items"),
    _("Your pages and snippets in a workflow"),
    # editing
    _("Go to the first error"),
    _("Actions (footer)"),
    _("New: %(model_name)s"),
    _("Create a new %(model_name)s"),
    _("Saved"),
    _("Save changes"),
    _("Autosave is paused"),
    _("Autosave is <span>paused</span>"),
    _("Save your changes before leaving"),
    _("There are validation errors, click save to highlight them."),
    _("Saving will overwrite a newer version."),
    _("Show issue"),
    _("Checks"),
    _("Toggle checks"),
    _("Toggle minimap"),
    _("%(field_label)s:"),
    _("Refresh"),
    _("Refreshing…"),
    _("A network error occurred"),
    _(
        "Troubleshoot your connection to the site before proceeding. "
        "Open the editor in a separate tab to view the last saved version."
    ),
    # others who edit the same entry
    _("You saved a new version in another window"),
    _("%(user_name)s saved a new version"),
    _("You have unsaved changes in another window"),
    _("%(user_name)s has unsaved changes"),
    _("View latest version"),
    _("Currently idle"),
    _("Currently viewing"),
    _("Proceeding will overwrite the changes you made in that window."),
    _("Proceeding will overwrite the changes made by %(user_name)s."),
    _("Alternatively, you can view the latest version in a new tab."),
    # locks
    _("Locking: "),
    _("Locked by"),
    _("Locked by you"),
    _("Locked by another user"),
    _("Locked by workflow"),
    _("Locked by schedule"),
    _("<b>'{title}' was locked</b> by <b>you</b> on <b>{datetime}</b>."),
    _("<b>'{title}' is locked</b> by <b>you</b>."),
    _("<b>'{title}' was locked</b> by <b>{user}</b> on <b>{datetime}</b>."),
    _("<b>'{title}' is locked</b>."),
    _("Anyone can edit this %(model_name)s – lock it to prevent others from editing"),
    _("Anyone can edit this %(model_name)s"),
    _("No one can make changes while the %(model_name)s is locked"),
    _("Only you can make changes while the %(model_name)s is locked"),
    _("Only %(user)s can make changes while the %(model_name)s is locked"),
    _("The %(model_name)s could not be saved as it is locked"),
    _("%(model_name)s '%(title)s' is now unlocked."),
    _("Currently locked and will go live on the scheduled date"),
    _("{model_name} '{title}' is locked and has been scheduled to go live at {datetime}"),
    _("Reviewers can edit this %(model_name)s – lock it to prevent other reviewers from editing"),
    # review
    _("This %(model_name)s is currently awaiting moderation."),
    _(
        "This {model_name} is awaiting <b>'{task_name}'</b> in the "
        "<b>'{workflow_name}'</b> workflow."
    ),
    _(
        "This %(model_name)s is currently at <strong>%(task)s</strong> "
        "in <strong>%(workflow)s</strong>."
    ),
    _("Publishing this %(model_name)s will cancel the current workflow."),
    _("Only reviewers for this task can edit the %(model_name)s."),
    _("Only reviewers can edit and approve the %(model_name)s"),
    _("%(model_name)s '%(object)s' has been submitted for moderation."),
    _("%(model_name)s '%(object)s' created and submitted for moderation."),
    _("Workflow on %(model_name)s '%(object)s' has been restarted."),
    _("Workflow on %(model_name)s '%(object)s' has been cancelled."),
    _("The %(model_name)s '%(title)s' is not currently awaiting moderation."),
    _("This %(model_name)s hasn't been submitted for moderation yet"),
    _("Cancelled by %(cancelled_by)s"),
    _("Changes requested %(finished_at)s"),
    _("Sent to %(task_name)s %(started_at)s"),
    _("%(status_display)s %(task_name)s %(started_at)s"),
    _("By task"),
    _("By workflow"),
    _("Show disabled"),
    # publishing, schedules, history
    _("%(model_name)s '%(object)s' updated and published."),
    _("%(model_name)s '%(object)s' created and published."),
    _("%(model_name)s '%(object)s' has been scheduled for publishing."),
    _("%(model_name)s '%(object)s' created and scheduled for publishing."),
    _("%(model_name)s '%(object)s' is live and this version has been scheduled for publishing."),
    _("Choose when this %(model_name)s should go live and/or expire"),
    _(
        "This publishing schedule will only take effect after you select "
        'the "Schedule to publish" option'
    ),
    _("Anyone with editing permissions can create schedules"),
    _("But only those with publishing permissions can make them effective."),
    _("Schedule to publish"),
    _("Scheduling…"),
    _("Invalid schedule"),
    _("Go-live:"),
    _("Once scheduled:"),
    _("To be created by %(user)s"),
    _("Compare"),
    _("Date updated"),
    _("Edited by"),
    _("Status %(status)s"),
    _("%(action)s by <b>%(who)s</b> at <b>%(at)s</b>"),
    _("%(action)s at <b>%(at)s</b>"),
    _("%(action)s by <b>%(who)s</b>"),
    _("at %(time)s by %(user_display_name)s"),
    _("at %(time)s"),
    _("%(time)s by %(user_display_name)s"),
    _("%(time_period)s ago by %(user_display_name)s"),
    _(
        "You are viewing a previous version of this %(model_name)s "
        "from <b>%(created_at)s</b> by %(user)s"
    ),
    _("%(model_name)s '%(object)s' has been replaced with version from %(timestamp)s."),
    _("Version from %(timestamp)s of %(model_name)s '%(object)s' has been published."),
    # people and rights
    _("Password"),
    _("Can access Wagtail admin"),
    _("Can view"),
    _("account"),
    _("Edit account avatar"),
    _("Theme preferences"),
    _("Shortcuts"),
    _("Show keyboard shortcuts"),
    _("Close modal dialogs (like this one)"),
    _("Section"),
    _("Application"),
    _("API token"),
    _("API tokens"),
    _("Last used"),
    _("Never"),
    _("Revoke"),
    _("Revoked"),
)
