"""What has been published, when, in which version, superseding what: a list that only grows.

`LEDGER/` is public as it is; `LEDGER.internal/` beside it holds what a later answer is protected against.
"""
