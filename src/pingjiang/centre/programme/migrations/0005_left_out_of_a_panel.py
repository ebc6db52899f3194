from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0004_conditions_supplements_recusals_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="panelentry",
            name="left_out",
            field=models.TextField(blank=True, default="", editable=False),
            preserve_default=False,
        ),
    ]
