from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0005_confirmed_on'),
        ('people', '0005_merged_lines'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('expire_at__isnull', False), ('live', True)), fields=['expire_at'], name='entries_to_end'),
        ),
    ]
