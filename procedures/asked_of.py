"""Of whom a paper is asked, as a controller says it where the published words do not."""

from django.db import models


class AskedOf(models.TextChoices):
    AS_READ = "", "như phần mềm đọc từ danh mục"
    EVERYBODY = "moi-ho-so", "mọi hồ sơ phải nộp"
    IF_ANY = "neu-co", "nộp khi có"
    ONLINE = "truc-tuyen", "chỉ khi nộp trực tuyến"
    ON_PAPER = "ban-giay", "chỉ khi nộp bản giấy"
    SITUATION = "truong-hop", "theo trường hợp, ghi ở ô bên"
    HEADING = "de-muc", "là đề mục, không phải giấy tờ"
