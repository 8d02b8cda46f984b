"""The register desk: where actions are proposed, registered, approved, started, interrupted, resumed and ended.

Truth is an append-only table of acts; everything else that the desk shows is made of them in the same transaction.
It needs the extra `[desk]` and PostgreSQL, and no other part of uitstroom needs it.
"""
