"""What no verification looks at, and why: the one list. A house test walks the models' own metadata,
so that a new column or model has to be verified or to stand here.
"""

from __future__ import annotations

# Models that are proven in a way of their own.
OTHERWISE = {
    "dossiers.Event": "its text, its hash, its place in the chain, its columns against its text",
    "dossiers.WordsBefore": "against the digest in its event, until the law has it erased",
    "dossiers.Span": "folded anew from the events",
    "dossiers.AgencyDigest": "computed anew from the events, and chained",
    "dossiers.RegisterCounter": "every register number up to it has its dossier",
    "dossiers.OutgoingCounter": "every number of outgoing documents up to it has its line or is kept",
    "dossiers.SlipCounter": "every slip number up to it has its slip",
    "changes.RowChange": "its text, its hash, its place in the chain, its columns against its text",
}

# Models whose rows prove nothing about a dossier, an officer's rights or the law.
MODELS = {
    "accounts.AccessEvent": "a log of its own, append-only by triggers; too many lines to chain",
    "accounts.CalendarStamp": "tells caches to read anew",
    "accounts.OfficerSession": "who is signed in just now; the access log tells who came and went",
    "accounts.PasswordRecord": "secrets; only compared with a new password",
    "accounts.Factor": "secrets; the access log tells each that came, went and was used",
    "accounts.RecoveryCode": "digests of codes; the access log tells when they were made and used",
    "accounts.FactorReset": "the access log tells who asked for it and who did it",
    "accounts.UsualAddress": "counts wrong passwords; the access log tells every signing in",
    "backups.BackupRun": "what the scheduler did; the archive itself says what is in it",
    "backups.RestoreProof": "a record of its own, append-only by triggers",
    "citizens.Citizen": "issuer and subject of who signed in; the access log tells when and what for",
    "citizens.CitizenSession": "which citizen is signed in just now; the access log tells who came",
    "citizens.SignIn": "a sign-in on its way to the provider, for minutes",
    "dossiers.CashDrawer": "until when a drawer was counted; each count is a kept row",
    "dossiers.CodeCounter": "hands out the next code; a code is unique by the database and told",
    "dossiers.DossierImport": "a run over a file; what it brought stands in its dossiers' events",
    "dossiers.Draft": "what a clerk is typing; nothing counts until it is received",
    "dossiers.ElectronicReceipt": "letters to a provider and its answers; the receipt itself is told",
    "dossiers.NameKey": "search keys made of names that are told; rebuild_names makes them anew",
    "dossiers.PressLine": "how far a press on many is; what was done stands in the events",
    "dossiers.PressRun": "a press on many on its way; what it did bears its id in the events",
    "exchange.AskRun": "a list that a peer is asked about; what was asked stands in the access log",
    "exchange.Delivery": "what was told to other systems; what it tells stands in the events",
    "exchange.Line": "how far other systems have been told; made of deliveries and their answers",
    "exchange.IncomingFile": "a file on its way; once kept it is an attachment, told by the dossier's reception",
    "exchange.PayRequest": "what the platform was asked and how it stands there; the payment itself is a kept row",
    "exchange.Message": "what a sender said; what came of it stands in filings, whose every change is noted",
    "feedback.Rating": "what applicants think, changed by them alone; a log of it would tell who said what",
    "jobs.Heartbeat": "the pulse of the scheduler",
    "jobs.JobState": "how each job of the scheduler ran last",
    "jobs.TaskRun": "what the scheduler did, dropped after a month",
    "outbox.Fact": "what waits to be told to other systems; what it tells stands in the events",
    "outbox.Message": "letters and bells; what they tell stands in the events",
    "procedures.NoticeEdition": "a print of the notice board; what it says stands in versions and lists",
    "procedures.ProcedureUse": "counted anew each night from dossiers",
    "procedures.Upload": "a file on its way; what it brought stands in its ImportRun and in the acts",
    "reports.DigestDay": "that a morning's letters were written; the letters stand in the outbox",
    "reports.Draft": "figures put by until somebody signs a report; made anew at any time",
    "reports.Duty": "what the highest controller asks for, put by every migrate; who set it stands in the access log",
    "reports.ReportForm": "layouts an office may edit; those shipped stand in data/report-forms.json",
    "reports.ReportRun": "a print of figures on its way; made anew at any time by the same cut",
}

# Columns of models that are verified otherwise. What stands in NOT_TOLD (ledger/tables.py) and in the
# `aside` of a kept table (kept.py) has its reason there.
COLUMNS = {
    "dossiers.Dossier": {
        "soon_flagged": "what the scheduler has told people; acts put it back",
        "late_flagged": "what the scheduler has told people; acts put it back",
    },
}
