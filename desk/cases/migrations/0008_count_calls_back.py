from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_fill_whole_life'),
        ('conversations', '0008_letter_pairs'),
        ('people', '0005_merged_lines'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['id', 'state', 'hotline', 'counted_for', 'category'], name='cases_called_back'),
        ),
    ]
