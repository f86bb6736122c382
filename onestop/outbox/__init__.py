"""Notices to officers (bell, e-mail) and to people (e-mail). Use `onestop.outbox.domain.post`."""
