"""The register gets the columns of forms 06 (2018) and 07 (2025), each with its days. What an office
wrote itself stays. The form of 2025 is put in like any shipped one, after the migrations.
"""

from datetime import date

from django.db import migrations

# What was shipped before, by which it is known; as in data/report-forms.json of that release.
BEFORE = (
    (("Số vào sổ",), "register_number"),
    (("Tên thủ tục hành chính",), "procedure"),
    (("Tên tổ chức, cá nhân",), "owner"),
    (("Địa chỉ, số điện thoại",), "contact"),
    (("Cơ quan chủ trì giải quyết",), "agency"),
    (("Hình thức tiếp nhận",), "channel"),
    (("Nhận hồ sơ",), "received"),
    (("Hẹn trả kết quả",), "due"),
    (("Kết thúc",), "ended"),
    (("Trả kết quả",), "returned"),
    (("Trạng thái",), "state"),
)
DATES, GIVEN = "Ngày, tháng, năm", "Trả kết quả"
AFTER = (
    (("Tên thủ tục hành chính",), "procedure"),
    (("Số lượng hồ sơ (bộ)",), "sets"),
    (("Tên cá nhân, tổ chức",), "owner"),
    (("Địa chỉ, số điện thoại",), "contact"),
    (("Cơ quan chủ trì giải quyết",), "agency"),
    ((DATES, "Nhận hồ sơ"), "received"),
    ((DATES, "Hẹn trả kết quả"), "due"),
    ((DATES, "Chuyển hồ sơ đến cơ quan giải quyết"), "forwarded"),
    ((DATES, "Nhận kết quả từ cơ quan giải quyết"), "result"),
    ((GIVEN, "Ngày, tháng, năm"), "returned"),
    ((GIVEN, "Phương thức nhận kết quả"), "way"),
    ((GIVEN, "Ký nhận"), "signed"),
    (("Ghi chú",), "note"),
)
FIRST_BEFORE, FIRST_2018, FIRST_2025 = date(2020, 12, 15), date(2018, 11, 23), date(2025, 7, 1)


def _columns(told):
    return [
        {"number": str(number), "path": list(path), "measure": measure}
        for number, (path, measure) in enumerate(told, start=3)
    ]


def forth(apps, schema_editor):
    forms = apps.get_model("reports", "ReportForm").objects
    if forms.filter(code="register", effective_from=FIRST_2018).exists():
        return
    for form in forms.filter(code="register", effective_from=FIRST_BEFORE):
        if form.columns == _columns(BEFORE):
            form.columns, form.number = _columns(AFTER), "Mẫu số 06"
            form.legal = "Ban hành theo Thông tư số 01/2018/TT-VPCP"
            form.effective_from, form.effective_to = FIRST_2018, date(2025, 6, 30)
            form.save()


def back(apps, schema_editor):
    forms = apps.get_model("reports", "ReportForm").objects
    runs = apps.get_model("reports", "ReportRun").objects
    for form in forms.filter(code="register", effective_from=FIRST_2018):
        if form.columns == _columns(AFTER):
            form.columns, form.number = _columns(BEFORE), "Mẫu số 07"
            form.legal = "Ban hành theo Thông tư số 03/2025/TT-VPCP"
            form.effective_from, form.effective_to = FIRST_BEFORE, None
            form.save()
            # Their files can be made anew; the release before knows no book as a period.
            runs.filter(form__code="register", form__effective_from=FIRST_2025).delete()
            forms.filter(code="register", effective_from=FIRST_2025).delete()


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_late_causes_more")]

    operations = [migrations.RunPython(forth, back)]
