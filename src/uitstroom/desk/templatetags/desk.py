"""What templates say: words in the reader's language, days in full, names of codes."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from uitstroom.desk.words import word
from uitstroom.periods import Day
from uitstroom.text import Text, long_day, whole

register = template.Library()


@register.simple_tag(takes_context=True)
def t(context: dict[str, Any], key: str, **parts: Any) -> str:
    """A sentence of words.toml."""
    return escape(word(key, **parts).in_language(context["lang"]))


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], text: Text | None) -> str:
    """A text of the catalogue."""
    return escape(text.in_language(context["lang"])) if text else ""


@register.simple_tag(takes_context=True)
def sentence(context: dict[str, Any], text: Text) -> str:
    """A text that begins with a capital."""
    said = text.in_language(context["lang"])
    return escape(said[:1].upper() + said[1:])


@register.simple_tag(takes_context=True)
def day(context: dict[str, Any], value: Day | None) -> str | SafeString:
    """A day in full, marked for machines."""
    if value is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), long_day(value, context["lang"]))


@register.simple_tag(takes_context=True)
def number(context: dict[str, Any], value: int) -> str:
    """A whole number."""
    return whole(value, context["lang"])


@register.simple_tag(takes_context=True)
def form_name(context: dict[str, Any], instrument: str, variant: str | None = None) -> str:
    """The name of a form, with its variant."""
    entry = context["catalogue"].instrument(instrument)
    name = str(entry.short_name.in_language(context["lang"]))
    return escape(name[:1].upper() + name[1:] + (f" ({variant})" if variant else ""))


@register.simple_tag(takes_context=True)
def t_of(context: dict[str, Any], table: str, key: str) -> str:
    """A word of a table by a key that the page knows."""
    return t(context, f"{table}.{key}")


@register.simple_tag(takes_context=True)
def t_state(context: dict[str, Any], state: str) -> str:
    """What an action has become."""
    return t(context, f"state.{state}")


@register.simple_tag(takes_context=True)
def t_kind(context: dict[str, Any], kind: str) -> str:
    """What was done."""
    return t(context, f"kind.{kind}")


@register.simple_tag(takes_context=True)
def t_do(context: dict[str, Any], kind: str) -> str:
    """What can be done."""
    return t(context, f"do.{kind}")


@register.simple_tag(takes_context=True)
def t_by(context: dict[str, Any], act: Any) -> str:
    """Who did it, and as what."""
    return t(context, "action.by", name=act.account.name, role=word(f"role.{act.role}"))


@register.simple_tag
def typed(blank: Any, column: str) -> str:
    """What stands in a field."""
    return escape(blank.typed(column) or "–")
