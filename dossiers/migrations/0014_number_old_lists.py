"""Hand-over lists of the time before lists had numbers (0009) get theirs: by agency and year of the
giving, in the order they were made, after those that were numbered already. The counter goes on from
there. Some may have been signed with no number; none keeps one that was not its own.
"""

from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Max

VN = ZoneInfo("Asia/Ho_Chi_Minh")
SLUG = "ban-giao"
AT_ONCE = 1000


def number(apps, schema_editor):
    lists = apps.get_model("dossiers", "Batch").objects
    counters = apps.get_model("dossiers", "SlipCounter").objects
    last, begun = {}, set()
    for row in counters.filter(slug=SLUG):
        last[row.agency_id, row.year] = row.last
    taken = lists.filter(number__isnull=False).order_by().values_list("agency_id", "year")
    for agency_id, year, highest in taken.annotate(highest=Max("number")):
        last[agency_id, year] = max(highest, last.get((agency_id, year), 0))
    after = 0
    while rows := list(lists.filter(number=None, pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = rows[-1].pk
        for row in rows:
            row.year = row.given_at.astimezone(VN).year
            key = (row.agency_id, row.year)
            begun.add(key)
            row.number = last[key] = last.get(key, 0) + 1
        lists.bulk_update(rows, ["year", "number"])
    for agency_id, year in sorted(begun):
        counters.update_or_create(
            agency_id=agency_id, slug=SLUG, year=year, defaults={"last": last[agency_id, year]}
        )


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0013_online")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
