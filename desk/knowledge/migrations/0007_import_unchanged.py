from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0006_entries_to_end'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='unchanged',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
