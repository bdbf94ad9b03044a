import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.apps.registry import Apps

from lachan.evidence import guard


def guard_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a changed table anew, without its triggers."""
    guard.install(schema_editor.connection)


def head(name: str) -> models.ForeignKey:
    # No row of these tables was ever written before this column: nothing has head 0.
    return models.ForeignKey(
        db_constraint=False,
        default=0,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name=name,
        to="evidence.treehead",
    )


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_insert_only")]
    operations = [
        migrations.AddField("stamp", "head", head("stamps"), preserve_default=False),
        migrations.AddField("stamp", "ca", models.TextField(default=""), preserve_default=False),
        migrations.AddField("witness", "head", head("witnesses"), preserve_default=False),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
