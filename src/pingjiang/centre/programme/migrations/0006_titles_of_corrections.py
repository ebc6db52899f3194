from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0005_left_out_of_a_panel"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="retitled",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
    ]
