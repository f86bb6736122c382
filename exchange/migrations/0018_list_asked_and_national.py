"""Lists of lines that a peer is asked about; what the national report counts, as somebody read it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_partner_role'),
        ('exchange', '0017_owner_codes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AskRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('peer', models.CharField(max_length=20, verbose_name='nơi nhận')),
                ('at', models.DateTimeField(verbose_name='yêu cầu lúc')),
                ('kind', models.CharField(max_length=20, verbose_name='danh sách')),
                ('day', models.DateField(null=True, verbose_name='ngày')),
                ('lines', models.JSONField(default=list, verbose_name='hồ sơ')),
                ('of', models.PositiveIntegerField(default=0, verbose_name='số hồ sơ')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='đã hỏi')),
                ('said', models.JSONField(default=dict, verbose_name='kết quả')),
                ('state', models.PositiveSmallIntegerField(choices=[(1, 'Chờ hỏi'), (2, 'Đang hỏi'), (3, 'Đã hỏi xong'), (4, 'Dừng giữa chừng')], default=1)),
                ('words', models.CharField(blank=True, default='', max_length=300, verbose_name='vì sao dừng')),
                ('due_at', models.DateTimeField(null=True)),
                ('holder', models.CharField(blank=True, default='', max_length=32)),
                ('ended_at', models.DateTimeField(null=True, verbose_name='xong lúc')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'verbose_name': 'lượt hỏi nơi nhận',
                'indexes': [models.Index(fields=['peer', '-id'], name='askrun_newest'), models.Index(fields=['ended_at'], name='askrun_ended')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', (1, 2))), fields=('peer',), name='askrun_one_open')],
            },
        ),
        migrations.CreateModel(
            name='NationalFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('peer', models.CharField(max_length=20, verbose_name='nơi nhận')),
                ('is_below', models.BooleanField(default=False, verbose_name='cả đơn vị cấp dưới')),
                ('first', models.DateField(verbose_name='từ ngày')),
                ('last', models.DateField(verbose_name='đến hết ngày')),
                ('number', models.PositiveIntegerField(verbose_name='số tiếp nhận')),
                ('source', models.CharField(max_length=200, verbose_name='nguồn số liệu')),
                ('at', models.DateTimeField(verbose_name='ghi lúc')),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'số của hệ thống báo cáo quốc gia',
                'indexes': [models.Index(fields=['peer', 'agency', 'is_below', 'first', 'last', '-id'], name='nationalfigure_of')],
            },
        ),
    ]
