"""The catalogue: what a service counts and how, as dated data with sources, never as code."""

from uitstroom.catalogue.holding import Catalogue, needed_columns

__all__ = ["Catalogue", "needed_columns"]
