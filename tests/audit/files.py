"""Releases as a stranger finds them: `data/figures.json` written by hand, key by key."""

from __future__ import annotations

BOXES = ("entrants", "without_person", "not_ended", "not_counted", "not_due", "followed", "at_work", "not_at_work")
BLANK = {
    "group": None, "by": {}, "unit": "action", "units": ["action"], "numerator": None, "base": None, "cohort": None,
    "anchor": None, "horizon": None, "event": None, "work_types": [], "definition": None, "maturity": None,
    "bounds": None, "reason": None, "missing": [], "known_on": None, "provisional": None, "break": None,
    "leaves_out": [], "additive": True,
}  # fmt: skip


def count(form: str | None, value: int | str | None, period: str = "2017", indicator: str = "started", **more):
    """A count; None or "x" is hidden, a form None the total over the group."""
    hidden = value in (None, "x")
    return {
        **BLANK, "indicator": indicator, "instrument": form, "group": None if form else "all", "period": period,
        "kind": "count", "status": "suppressed" if hidden else "value", "value": None if hidden else value, **more,
    }  # fmt: skip


def boxes(*numbers: int | None) -> dict[str, int | None]:
    """The boxes in order: entrants, without person, not ended, not counted, not due, followed, at work, not at work."""
    return dict(zip(BOXES, numbers, strict=True))


def rate(form: str, maturity: dict[str, int | None], period: str = "2017", kind: str = "on_the_day", **more):
    """A rate of who ended, three months after; hidden where those followed or at work are."""
    base, numerator = maturity["followed"], maturity["at_work"]
    hidden = None in (base, numerator, maturity["not_at_work"])
    event = {"kind": kind, "days": None, "same_employer": False, "new": False, **more.pop("event", {})}
    return {
        **BLANK, "indicator": "outflow", "instrument": form, "period": period, "kind": "rate",
        "status": "suppressed" if hidden else "value",
        "value": None if hidden else (200 * numerator + base) // 2 // base,
        "numerator": None if hidden else numerator, "base": None if hidden else base, "maturity": maturity,
        "cohort": "ended", "anchor": "end", "horizon": {"months": 3, "days": None, "on": None}, "event": event,
        "who": "all", "work_types": ["OTH"],
        "definition": {"name": kind, "version": "1", "source": "s", "stated": True},
        **more,
    }  # fmt: skip


def release(*tables: list[dict], notes: tuple[str, ...] = (), snapshot: str = "s1") -> dict:
    """One release of these tables."""
    told, figures = [], []
    for number, table in enumerate(tables):
        told.append({"name": f"t{number}", "first": len(figures), "count": len(table), "notes": []})
        figures += table
    complete = {"action": {"from": "2014-01-01", "until": "2018-12-31"}}
    return {
        "scope": {"snapshot": snapshot, "complete": complete}, "figures": figures, "tables": told,
        "notes": [{"code": code} for code in notes],
    }  # fmt: skip
