"""Secrets of second factors are sealed: those that there are, too."""

from typing import Any

from django.db import migrations, models

from pingjiang.centre.accounts import sealing

_PURPOSE = "second factor"


def seal(apps: Any, _editor: Any) -> None:
    """What stood there to be read."""
    for factor in apps.get_model("accounts", "SecondFactor").objects.all():
        factor.sealed = sealing.seal(factor.sealed, _PURPOSE)
        factor.save(update_fields=["sealed"])


def unseal(apps: Any, _editor: Any) -> None:
    """Back again; what cannot be opened serves nobody and goes."""
    for factor in apps.get_model("accounts", "SecondFactor").objects.all():
        text = sealing.opened(factor.sealed, _PURPOSE)
        if text is None:
            factor.delete()
        else:
            factor.sealed = text
            factor.save(update_fields=["sealed"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sign_in"),
    ]

    operations = [
        migrations.RenameField(model_name="secondfactor", old_name="secret", new_name="sealed"),
        migrations.AlterField(model_name="secondfactor", name="sealed", field=models.TextField(editable=False)),
        migrations.RunPython(seal, unseal),
    ]
