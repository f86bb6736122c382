"""Addresses of fees, receipts and cash."""

from django.urls import path

from dossiers.views import cashier, fees, payment_parts, payments, receipt_books, statements

urlpatterns = [
    path("ho-so/<str:code>/thu-phi/", fees.take, name="act_take_fee"),
    path("ho-so/<str:code>/mien-phi/", fees.relieve, name="act_relieve_fee"),
    path("ho-so/<str:code>/bien-lai/de-nghi/", fees.ask, name="act_ask_receipt"),
    path("ho-so/<str:code>/bien-lai/<int:pk>/duyet/", fees.answer, name="act_answer_receipt"),
    path("thu-tien/", cashier.drawer, name="cash_drawer"),
    path("thu-tien/giao/", cashier.give, name="cash_give"),
    path("thu-tien/giao/<int:pk>/<slug:what>/", cashier.settle, name="cash_settle"),
    path("thu-tien/chua-thu/", cashier.owing, name="fees_owed"),
    path("thu-tien/quyet-toan/", cashier.settlement, name="fees_settled"),
    path("thu-tien/quyet-toan.xlsx", cashier.settlement_xlsx, name="fees_settled_xlsx"),
    path("thu-tien/quyet-toan.pdf", cashier.settlement_pdf, name="fees_settled_pdf"),
    path("thu-tien/sao-ke/", statements.upload, name="bank_statements"),
    path("thu-tien/sao-ke/<int:pk>/", statements.statement, name="bank_statement"),
    path("thu-tien/sao-ke/<int:pk>/cot/", statements.columns, name="bank_statement_columns"),
    path("thu-tien/sao-ke/<int:pk>/ghi/", statements.record, name="bank_statement_record"),
    path("thu-tien/khoan-den/", payments.standing, name="payments"),
    path("thu-tien/khoan-den/ghi-thu/", payments.book, name="payments_book"),
    path("thu-tien/khoan-den/<int:pk>/", payments.payment, name="payment"),
    path("thu-tien/khoan-den/<int:pk>/tach/", payment_parts.split, name="payment_split"),
    path("thu-tien/quyen/", receipt_books.books, name="receipt_books"),
    path("thu-tien/quyen/<int:pk>/", receipt_books.book, name="receipt_book"),
]
