from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lachan.evidence import guard


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard.install(schema_editor.connection)
    apps.get_model("evidence", "Turn").objects.create(id=1)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard.remove(schema_editor.connection)
    apps.get_model("evidence", "Turn").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
