"""The tables of the desk."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Every table, without what `proofs.sql` adds."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Content",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("salt", models.BinaryField()),
                ("body", models.TextField(null=True)),
                ("digest", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Employer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=150)),
                ("sequence", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=8, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("last_number", models.BigIntegerField(default=0)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_number", models.CharField(db_column="number", max_length=11, null=True, unique=True)),
                ("held_family_name", models.CharField(db_column="family_name", max_length=100, null=True)),
                ("held_given_name", models.CharField(db_column="given_name", max_length=100, null=True)),
                ("held_birth_date", models.DateField(db_column="birth_date", null=True)),
                ("held_sex", models.CharField(db_column="sex", max_length=10, null=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=150, unique=True)),
                ("name", models.CharField(max_length=150)),
                ("role", models.CharField(max_length=20)),
                ("is_active", models.BooleanField(default=True)),
                ("subject", models.CharField(max_length=255, null=True, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("office", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.office")),
            ],
            options={
                "ordering": ["username"],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("instrument", models.CharField(max_length=40)),
                ("variant", models.CharField(max_length=40, null=True)),
                ("state", models.CharField(max_length=20)),
                ("sequence", models.PositiveIntegerField()),
                ("trajectory_id", models.CharField(max_length=60, null=True)),
                ("frame", models.CharField(max_length=40, null=True)),
                ("approved_on", models.DateField(null=True)),
                ("planned_days", models.PositiveIntegerField(null=True)),
                ("start_date", models.DateField(null=True)),
                ("planned_end_date", models.DateField(null=True)),
                ("end_date", models.DateField(null=True)),
                ("end_reason", models.CharField(max_length=40, null=True)),
                ("has_plan", models.BooleanField(default=False)),
                (
                    "employer",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.employer"),
                ),
                ("office", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="desk.office")),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.person")),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("role", models.CharField(max_length=20)),
                ("page", models.CharField(max_length=60)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                ("office", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.office")),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="desk.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Renumbering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_day", models.DateField()),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="renumbered_from", to="desk.person"
                    ),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="renumbered_to", to="desk.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stretch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.PositiveSmallIntegerField()),
                ("instrument", models.CharField(max_length=40)),
                ("days", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("planned_end_date", models.DateField(null=True)),
                ("end_reason", models.CharField(max_length=40, null=True)),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stretches", to="desk.action"
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.employer"),
                ),
                ("office", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="desk.office")),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.person")),
            ],
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=10)),
                ("subject_id", models.BigIntegerField()),
                ("sequence", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("known_on", models.DateField()),
                ("on_day", models.DateField(null=True)),
                ("role", models.CharField(max_length=20)),
                ("key", models.UUIDField(unique=True)),
                ("facts", models.TextField()),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "content",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.content"),
                ),
                ("office", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="desk.office")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "subject_id", "sequence"), name="act_sequence")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["office", "state", "start_date"], name="action_of_office"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["state", "instrument"], name="action_of_state"),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["person", "at"], name="reading_of_person"),
        ),
        migrations.AddConstraint(
            model_name="stretch",
            constraint=models.UniqueConstraint(fields=("action", "part"), name="stretch_part"),
        ),
    ]
