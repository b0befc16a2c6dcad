from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SentReport',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('node', models.CharField(max_length=255)),
                ('kind', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('time_zone', models.CharField(max_length=60)),
                ('revision', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content_digest', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('lines', models.BigIntegerField()),
                ('signature', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('made', 'To be sent'), ('sending', 'Being sent'), ('accepted', 'Accepted'), ('refused', 'Refused')], default='made', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('problem_zh', models.TextField(blank=True)),
                ('problem_en', models.TextField(blank=True)),
                ('receipt', models.JSONField(null=True)),
                ('made_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['made', 'sending'])), fields=['day', 'kind', 'revision'], name='sent_report_outstanding')],
                'constraints': [models.UniqueConstraint(fields=('node', 'kind', 'day', 'revision'), name='sent_report_once')],
            },
        ),
    ]
