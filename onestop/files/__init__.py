"""Attachments kept under their checksum. Use `keep` and `attach` of `onestop.files.domain`, and
`onestop.files.responses.serve`.
"""
