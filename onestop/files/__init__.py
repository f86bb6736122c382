"""Attachments kept under their checksum. Use `onestop.files.domain.store` and
`onestop.files.responses.serve`.
"""
