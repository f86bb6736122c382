"""What an office decided for itself, with the national rule where it decided nothing."""

from dossiers.models import OfficeSettings


def office_settings(agency_id: int) -> OfficeSettings:
    """The settings of an office; unsaved defaults when it has none. One query."""
    return OfficeSettings.objects.filter(agency_id=agency_id).first() or OfficeSettings(agency_id=agency_id)
