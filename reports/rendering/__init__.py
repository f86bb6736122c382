"""A filled-in form as JSON, HTML, PDF and xlsx. The same table always gives the same bytes."""

from reports.rendering.drawn import pdf
from reports.rendering.plain import as_dict, json_text
from reports.rendering.printed import html
from reports.rendering.workbook import CHUNK, untold, xlsx

__all__ = ["CHUNK", "as_dict", "html", "json_text", "pdf", "untold", "xlsx"]
