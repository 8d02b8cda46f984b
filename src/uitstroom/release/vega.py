"""Draws plots as Vega-Lite: colours that also differ in grey, words where there is no number, notes underneath."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from uitstroom.release.chart import Bar, Dot, Plot, Row

_INK, _SOFT, _LINE = "#1A1A1A", "#555555", "#BFBFBF"
_DARK, _MIDDLE, _LIGHT, _PALE = "#1F4E79", "#E69F00", "#A6CEE3", "#F2F2F2"
_FILLS = (_DARK, _MIDDLE, _LIGHT, "#FFFFFF")
"""Blue, orange, light blue, white: apart for the colour-blind, and dark to light in print."""
_WIDTH, _BAR, _HIGH, _CHARACTERS = 420, 30, 110, 104
_LINES = "replace(datum.text, ' (', '|(')"
"""What stands in brackets goes on a line of its own."""
_FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
_NUMBERS = {
    "nl": alt.NumberLocale(decimal=",", thousands=".", grouping=[3], currency=["€ ", ""]),
    "en": alt.NumberLocale(decimal=".", thousands=",", grouping=[3], currency=["€", ""]),
}
Spec = dict[str, Any]


def drawn_bars(plot: Plot) -> Spec:
    """A horizontal bar per row with its value behind it; of a rate with its base under the value."""
    rows = [{"label": row.label, **_dotted(row.dots[0])} for row in plot.rows if row.dots]
    whole = 100.0 if plot.rate else max([row["value"] or 0.0 for row in rows], default=0.0) or 1.0
    data = alt.InlineData(values=rows)
    place = _places([row["label"] for row in rows])
    across = alt.X("value:Q", scale=alt.Scale(domain=[0, whole], nice=False), axis=_value_axis(plot))
    base = alt.Chart(data).encode(y=place)
    units = list(dict.fromkeys(row["unit"] for row in rows))
    layers: list[Any] = [
        base.transform_filter("isValid(datum.value) && !datum.provisional")
        .mark_bar(height={"band": 0.62}, stroke=_INK, strokeWidth=0.5)
        .encode(x=across, color=_by_unit(units, plot)),
        base.transform_filter("isValid(datum.value) && datum.provisional")
        .mark_bar(height={"band": 0.62}, fill="#FFFFFF", stroke=_INK, strokeDash=[4, 2], strokeWidth=1.2)
        .encode(x=across),
    ]
    layers = [_room(base), *layers, *_bounded(base)] if plot.rate else layers
    layers += _rate_words(base) if plot.rate else _count_words(base, across)
    layers.append(alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=_INK).encode(x=alt.value(0)))
    height = (_BAR + (8 if plot.rate else 0)) * max(len(rows), 1)
    return _whole(plot, [alt.layer(*layers).properties(width=_WIDTH if not plot.rate else 240, height=height)])


def _dotted(dot: Dot) -> dict[str, Any]:
    return {
        "value": dot.value, "text": dot.text, "said": dot.said, "unit": dot.unit, "provisional": dot.provisional,
        "low": dot.low, "high": dot.high,
    }  # fmt: skip


def _by_unit(units: Sequence[str], plot: Plot) -> Any:
    """A colour per unit; a legend only where units differ, so that they are not read as one."""
    if len(units) < 2 or plot.rate:
        return alt.value(_DARK)
    scale = alt.Scale(domain=list(units), range=list(_FILLS[: len(units)]))
    legend = alt.Legend(title=plot.words["unit"], orient="bottom", labelLimit=0, symbolStrokeColor=_INK)
    return alt.Color("unit:N", scale=scale, legend=legend)


def _count_words(base: Any, across: Any) -> list[Any]:
    number = base.transform_filter("isValid(datum.value)").mark_text(align="left", dx=6, color=_INK, fontSize=12)
    return [number.encode(x=across, text="text:N"), _status_words(base)]


def _rate_words(base: Any) -> list[Any]:
    """Beside the bars: the value in words, and under it the base, or how many wait for a value."""
    where = alt.value(252)
    value = base.transform_filter("isValid(datum.value)").mark_text(align="left", fontWeight="bold", dy=-7, color=_INK)
    said = base.transform_filter("isValid(datum.value)").mark_text(align="left", dy=8, color=_SOFT, fontSize=10.5)
    waiting = base.transform_filter("!isValid(datum.value)").mark_text(
        align="left", dy=9, dx=8, color=_SOFT, fontSize=10.5
    )
    return [
        value.encode(x=where, text="text:N"),
        said.encode(x=where, text="said:N"),
        _status_words(base, "datum.said == ''"),
        _status_words(base, "datum.said != ''", -7),
        waiting.encode(x=alt.value(0), text="said:N"),
    ]


def _status_words(base: Any, which: str = "true", up: int = 0) -> Any:
    """The status where a bar would be: no bar, no zero."""
    words = base.transform_filter(f"!isValid(datum.value) && {which}")
    return words.mark_text(align="left", dx=8, dy=up, fontStyle="italic", color=_INK, fontSize=12).encode(
        x=alt.value(0), text="text:N"
    )


def _room(base: Any) -> Any:
    """The whole of which a rate is a part."""
    room = base.transform_filter("isValid(datum.value)").transform_calculate(all="100")
    return room.mark_bar(height={"band": 0.62}, fill=_PALE, stroke=_LINE, strokeWidth=0.5).encode(
        x=alt.X("all:Q", axis=None)
    )


def _bounded(base: Any) -> list[Any]:
    bounds = base.transform_filter("isValid(datum.low)")
    return [bounds.mark_rule(color=_INK, strokeWidth=1.5).encode(x=alt.X("low:Q", axis=None), x2="high:Q")]


def drawn_series(plot: Plot) -> Spec:
    """A panel per row, its line broken at every break and wherever there is no number."""
    return _whole(plot, [_panel(plot, row) for row in plot.rows])


def _panel(plot: Plot, row: Row) -> Any:
    points = _points(row, plot.rate)
    wide = max(_WIDTH + 160, 95 * len(points))
    top = 100.0 if plot.rate else max([point["value"] or 0.0 for point in points], default=0.0) or 1.0
    scale = alt.Scale(domain=[0, top * 1.25], nice=False)
    base = alt.Chart(alt.InlineData(values=points)).encode(x=_periods([dot.period for dot in row.dots]))
    layers = [
        *_breaks(base, plot, wide / len(points)),
        *_line(base.transform_filter("isValid(datum.value)"), plot, scale),
        base.transform_filter("!isValid(datum.value)")
        .transform_calculate(words=_LINES)
        .mark_text(baseline="top", fontStyle="italic", color=_INK, lineBreak="|")
        .encode(y=alt.value(_HIGH - 32), text="words:N"),
    ]
    title = alt.TitleParams(row.label, anchor="start", fontSize=13, color=_INK, offset=8)
    return alt.layer(*layers).properties(width=wide, height=_HIGH, title=title)


def _points(row: Row, rate: bool) -> list[dict[str, Any]]:
    """The figures of a row; those of one segment are joined by a line.

    A count of an unfinished period is not joined: the line would show a fall that is none.
    """
    segment, points = 0, []
    for dot in row.dots:
        segment += dot.after_break or dot.value is None or (dot.provisional and not rate)
        points.append({"period": dot.period, "segment": segment, "broken": dot.after_break, **_dotted(dot)})
    return points


def _breaks(base: Any, plot: Plot, step: float) -> list[Any]:
    """A dashed line between the periods that cannot simply be compared."""
    broken = base.transform_filter("datum.broken")
    words = broken.mark_text(dx=5 - step / 2, align="left", baseline="top", fontStyle="italic", color=_INK)
    return [
        broken.mark_rule(strokeDash=[3, 3], color=_INK, xOffset=-step / 2),
        words.encode(y=alt.value(0), text=alt.value(plot.words["break"])),
    ]


def _line(given: Any, plot: Plot, scale: alt.Scale) -> list[Any]:
    """The line, the bounds of provisional values, the points (hollow while provisional), and the values in words."""
    up = alt.Y("value:Q", scale=scale, axis=_value_axis(plot, plot.words["share" if plot.rate else "count"]))
    point = {"filled": True, "size": 60, "opacity": 1, "stroke": _DARK, "strokeWidth": 2}
    bounds = given.transform_filter("isValid(datum.low)").mark_rule(color=_INK, strokeWidth=1.5)
    return [
        given.mark_line(color=_DARK, strokeWidth=2).encode(y=up, detail="segment:N"),
        bounds.encode(y=alt.Y("low:Q", scale=scale), y2="high:Q"),
        given.transform_filter("!datum.provisional").mark_point(color=_DARK, **point).encode(y=up),
        given.transform_filter("datum.provisional").mark_point(color="#FFFFFF", **point).encode(y=up),
        given.transform_calculate(words=_short_words(plot))
        .mark_text(align="left", dx=8, dy=-9, color=_INK, lineBreak="|")
        .encode(y=up, text="words:N"),
    ]


def _short_words(plot: Plot) -> str:
    """The value as it stands in a cell, without what every point of the line shares."""
    if not plot.rate:
        return _LINES
    return "split(datum.text, '%')[0] + '%' + (datum.provisional ? '|(" + plot.words["provisional"] + ")' : '')"


def drawn_account(plot: Plot) -> Spec:
    """From all entrants down to those at work: totals as whole bars, what falls away as steps between them."""
    return _whole(plot, [_steps(plot, row, len(plot.rows) > 1) for row in plot.rows])


def _steps(plot: Plot, row: Row, titled: bool) -> Any:
    bars = [_stepped(bar) for bar in row.bars]
    most = max([bar["end"] or 0.0 for bar in bars], default=0.0) or 1.0
    base = alt.Chart(alt.InlineData(values=bars)).encode(y=_places([bar.label for bar in row.bars]))
    fill = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["total", "away", "at_work", "not_at_work"], range=[_LIGHT, "#FFFFFF", _DARK, _MIDDLE]),
        legend=None,
    )
    across = alt.X("begin:Q", scale=alt.Scale(domain=[0, most], nice=False), axis=_value_axis(plot))
    layers = [
        base.transform_filter("datum.end > datum.begin")
        .mark_bar(height={"band": 0.66}, stroke=_INK, strokeWidth=0.8)
        .encode(x=across, x2="end:Q", color=fill),
        base.transform_filter("isValid(datum.end)")
        .mark_text(align="left", dx=6, color=_INK, fontSize=12)
        .encode(x=alt.X("right:Q"), text="text:N"),
        base.transform_filter("!isValid(datum.end)")
        .mark_text(align="left", dx=8, fontStyle="italic", color=_INK, fontSize=12)
        .encode(x=alt.value(0), text="text:N"),
        alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=_INK).encode(x=alt.value(0)),
    ]
    title = alt.TitleParams(row.label if titled else "", anchor="start", fontSize=13, color=_INK)
    return alt.layer(*layers).properties(width=_WIDTH, height=24 * len(bars), title=title)


def _stepped(bar: Bar) -> dict[str, Any]:
    return {
        "label": bar.label,
        "text": bar.text,
        "kind": bar.kind,
        "begin": bar.begin,
        "end": bar.end,
        "right": bar.end,
    }


def _places(labels: Sequence[str]) -> alt.Y:
    """The rows from top to bottom in the order of the table."""
    axis = alt.Axis(labelLimit=0, labelFontSize=12, labelColor=_INK, ticks=False, domain=False, labelPadding=8)
    return alt.Y("label:N", sort=None, scale=alt.Scale(domain=list(labels)), title=None, axis=axis)


def _periods(names: Sequence[str]) -> alt.X:
    """The periods from left to right, their names over several lines."""
    axis = alt.Axis(
        labelAngle=0, labelExpr="split(datum.label, ' ')", labelFontSize=11, labelColor=_INK, domainColor=_INK,
        ticks=False,
    )  # fmt: skip
    return alt.X("period:N", sort=None, scale=alt.Scale(domain=list(names)), title=None, axis=axis)


def _value_axis(plot: Plot, title: str | None = None) -> alt.Axis | None:
    """A quiet axis for series; bars carry their values themselves."""
    if plot.kind != "series":
        return None
    return alt.Axis(
        title=title, tickCount=3, grid=True, gridColor="#E5E5E5", domain=False, ticks=False, labelColor=_SOFT,
        titleColor=_SOFT, titleFontWeight="normal", format=",.0f", minExtent=48, maxExtent=48,
    )  # fmt: skip


def _whole(plot: Plot, panels: Sequence[Any]) -> Spec:
    """The panels under their title and above their notes, described for who cannot see them."""
    above = [line for text in plot.above for line in wrap(text, _CHARACTERS)]
    below = [line for text in plot.below for line in wrap(text, _CHARACTERS)]
    titled = alt.vconcat(*panels, spacing=22).properties(
        title=alt.TitleParams(
            wrap(plot.title, 80), subtitle=above, anchor="start", fontSize=16, color=_INK, subtitleColor=_SOFT,
            subtitleFontSize=11.5, subtitlePadding=6, offset=14,
        )
    )  # fmt: skip
    notes = alt.TitleParams(
        below or [""], orient="bottom", anchor="start", fontSize=11, fontWeight="normal", color=_INK, offset=14,
    )  # fmt: skip
    whole = alt.vconcat(titled).properties(title=notes, description=plot.description, background="#FFFFFF", padding=16)
    whole = whole.configure(font=_FONT, locale=alt.Locale(number=_NUMBERS[plot.language]))
    whole = whole.configure_view(stroke=None)
    return dict(whole.to_dict())
