"""What an upgrade of a base changes on purpose, each with its reason. Emptied with a new base."""

# Tables whose number of rows is another after the upgrade, that are gone or have another name.
TABLES: dict[str, str] = {
    "django_session": "accounts 0011: each session belongs to an officer now; everybody signs in anew",
    "reports_reportform": "the register has a form of each set since reports 0010, apologies a list of their own",
}

# Pages, by the name of their address, that answer otherwise or are gone.
PAGES: dict[str, str] = {}
