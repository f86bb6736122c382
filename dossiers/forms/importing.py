"""The upload of a file of earlier dossiers."""

from django import forms

from dossiers.models import DossierImport
from onestop.forms import file_errors
from onestop.layout import laid

_HELP = {
    DossierImport.Counts.AS_HAPPENED: "Hồ sơ của hệ thống trước: báo cáo tính từ lúc đã xảy ra",
    DossierImport.Counts.NOW: "Hồ sơ của những ngày làm trên giấy: báo cáo tính từ lúc nhập, phần thuộc kỳ đã chốt thành điều chỉnh",
}


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Tệp CSV",
        help_text="UTF-8, dòng đầu là tên các cột; dấu phẩy hoặc dấu chấm phẩy đều được.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages=file_errors("Hãy chọn tệp CSV."),
    )
    counts = forms.ChoiceField(
        label="Báo cáo tính từ khi nào",
        choices=[(value.value, words) for value, words in _HELP.items()],
        initial=DossierImport.Counts.AS_HAPPENED.value,
        widget=forms.RadioSelect,
    )

    helper = laid("file", "counts")
