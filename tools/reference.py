"""The pages of the built-in catalogue and of the contract, made by the functions that the command line uses too."""

from __future__ import annotations

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.format_page import format_page
from uitstroom.catalogue.pages import catalogue_page
from uitstroom.registers.contract_page import contract_page

__all__ = ["catalogue_in_dutch", "catalogue_in_english", "contract", "format_page"]


def catalogue_in_english() -> str:
    """The page `docs/catalogue.md`."""
    return catalogue_page(Catalogue.load(), "en")


def catalogue_in_dutch() -> str:
    """The page `docs/catalogus.md`."""
    return catalogue_page(Catalogue.load(), "nl")


def contract() -> str:
    """The page `docs/contract.md`."""
    return contract_page(Catalogue.load(), "en")
