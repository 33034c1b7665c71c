from django.db import migrations

BATCH = 500


def write_again(apps, schema_editor):
    """SQLite kept Chinese in lists as escapes, which no search finds. Safe to run again."""
    Entry = apps.get_model("knowledge", "Entry")
    last = 0
    while rows := list(Entry.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        Entry.objects.bulk_update(rows, ["similar_questions", "keywords"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_review_and_files")]
    operations = [migrations.RunPython(write_again, migrations.RunPython.noop, elidable=True)]
