"""A form to be filled in, made of lines; what was typed stays, and every fault is told at once at its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from uitstroom.desk.lines import Line
from uitstroom.desk.words import word
from uitstroom.text import Language

FIRST, LAST = "1900-01-01", "2199-12-31"


class Blank(forms.Form):
    """A form of lines; `cleaned` are its values by column, empty ones None."""

    def __init__(self, lines: Sequence[Line], language: Language, data: QueryDict | None = None,
                 initial: Mapping[str, Any] | None = None) -> None:  # fmt: skip
        super().__init__(data, initial=dict(initial or {}))
        self.lines, self.language = lines, language
        for line in lines:
            self.fields[line.column] = _field(line, language)

    @property
    def values(self) -> dict[str, Any]:
        """By column, what was filled in well."""
        return {name: (None if value == "" else value) for name, value in self.cleaned_data.items()}

    def groups(self) -> list[tuple[str, list[tuple[Line, forms.BoundField]]]]:
        """The fields under their headings, in order."""
        found: dict[str, list[tuple[Line, forms.BoundField]]] = {}
        for line in self.lines:
            found.setdefault(line.group, []).append((line, self[line.column]))
        return [(f"group.{name}", fields) for name, fields in found.items()]

    def typed(self, column: str) -> str:
        """What stands in a field, as it was typed."""
        value = self[column].value()
        return "" if value is None else str(value)

    def blame(self, column: str | None, message: str) -> None:
        """Put a fault at a field, or at the form where the field is not asked."""
        self.add_error(column if column in self.fields else None, message)


def _field(line: Line, language: Language) -> forms.Field:
    keys = {"required": "required", "invalid": line.kind, "invalid_choice": "choice", "max_length": "too_long",
            "min_value": "whole", "max_value": "whole"}  # fmt: skip
    words = {name: word(f"error.{key}").in_language(language) for name, key in keys.items()}
    label = line.label.in_language(language)
    said: dict[str, Any] = {"required": line.required, "label": label, "error_messages": words}
    if line.hint:
        said["help_text"] = line.hint.in_language(language)
    if line.kind == "day":
        picker = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": FIRST, "max": LAST})
        return forms.DateField(**said, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], widget=picker)
    if line.kind == "whole":
        return forms.IntegerField(**said, min_value=0, max_value=36_500)
    if line.choices:
        empty = word("field.choose").in_language(language)
        choices = [("", empty), *((code, name.in_language(language)) for code, name in line.choices)]
        return forms.ChoiceField(**said, choices=choices)
    if line.kind == "long_text":
        return forms.CharField(**said, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    return forms.CharField(**said, max_length=100)


def emptied(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The values without those of some names."""
    left_out = set(names)
    return {name: value for name, value in values.items() if name not in left_out}
