"""Disclosure control of any table of counts: protecting one, and attacking what somebody else published."""

from uitstroom.cli_disclosure import audit, protect

__all__ = ["audit", "protect"]
