"""Addresses of engines, as they may be told."""

from __future__ import annotations

from urllib.parse import urlsplit


def shown(address: str) -> str:
    """An address without what may be secret in it: user, password, token, parameters."""
    try:
        place = urlsplit(address)
    except ValueError:
        return address.partition(":")[0] + "://…"
    return f"{place.scheme}://{place.netloc.rpartition('@')[2]}{place.path.partition(';')[0]}".rstrip("/")
