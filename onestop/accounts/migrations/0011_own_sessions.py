"""Sessions with their owner. Those of before are over: everybody signs in once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forget_ownerless(apps, schema_editor):
    apps.get_model('sessions', 'Session').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_fewer_indexes'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='accessevent',
            name='kind',
            field=models.CharField(choices=[('login', 'Đăng nhập'), ('logout', 'Đăng xuất'), ('idle_logout', 'Tự đăng xuất do không thao tác'), ('session_ended', 'Kết thúc phiên đăng nhập'), ('login_failed', 'Đăng nhập không thành công'), ('locked', 'Khóa tài khoản'), ('unlocked', 'Mở khóa tài khoản'), ('disabled', 'Ngừng tài khoản không sử dụng'), ('enabled', 'Mở lại tài khoản'), ('account_created', 'Tạo tài khoản'), ('account_changed', 'Sửa tài khoản'), ('account_closed', 'Đóng tài khoản'), ('password_changed', 'Đổi mật khẩu'), ('password_reset', 'Cấp lại mật khẩu'), ('role_granted', 'Giao vai trò'), ('role_ended', 'Kết thúc vai trò'), ('substitution_made', 'Phân công người thay thế'), ('substitution_ended', 'Kết thúc phân công thay thế'), ('agency_changed', 'Sửa cơ quan'), ('department_changed', 'Sửa phòng ban'), ('calendar_changed', 'Sửa lịch làm việc'), ('viewed', 'Xem'), ('searched', 'Tìm'), ('printed', 'In'), ('downloaded', 'Tải về'), ('log_viewed', 'Xem nhật ký truy cập'), ('report_act', 'Lập, trình, ký báo cáo'), ('denied', 'Bị từ chối')], max_length=20, verbose_name='việc'),
        ),
        migrations.CreateModel(
            name='OfficerSession',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('began_at', models.DateTimeField(null=True, verbose_name='bắt đầu lúc')),
                ('seen_at', models.DateTimeField(null=True, verbose_name='thao tác gần nhất lúc')),
                ('idle_at', models.DateTimeField(null=True, verbose_name='hết phiên lúc')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='địa chỉ nguồn')),
                ('user_agent', models.CharField(blank=True, max_length=200, verbose_name='trình duyệt')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='cán bộ')),
            ],
            options={
                'verbose_name': 'phiên đăng nhập',
                'verbose_name_plural': 'phiên đăng nhập',
                'abstract': False,
            },
        ),
        migrations.RunPython(forget_ownerless, migrations.RunPython.noop),
    ]
