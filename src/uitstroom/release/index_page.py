"""`index.html`: from each number to its definition, its file and its history; and what lies beside it to cite it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Figure, Note, Table
from uitstroom.release.data.codes import codes_of, meaning_of
from uitstroom.release.layout import rows_of
from uitstroom.release.notes import marks
from uitstroom.release.question import QuestionFile
from uitstroom.release.sentences import Wording
from uitstroom.text import Language, Text, long_day

INDEX = "index.html"
_STYLE = (
    "body{font:1rem/1.5 'Source Sans 3','Source Sans Pro',sans-serif;color:#1b1b1b;background:#fff;max-width:70rem;"
    "margin:0 auto;padding:1rem;overflow-wrap:anywhere}h1,h2{line-height:1.2}a{color:#00417a}"
    ".scroll{overflow-x:auto;overflow-wrap:normal}table{border-collapse:collapse;margin:.5rem 0}"
    "caption{text-align:left;font-weight:bold;padding:.25rem 0}"
    "th,td{padding:.25rem .75rem;border-bottom:1px solid #767676;text-align:left;vertical-align:top}"
    "td.number{text-align:right}.total th,.total td{font-weight:bold}dt{font-weight:bold;margin-top:.75rem}"
    ".mark{font-weight:bold}"
)


@dataclass(frozen=True)
class Index:
    """What the page is about: the question, its tables, the files of the release, and by what it is known."""

    question: QuestionFile
    published: Publishable
    catalogue: Catalogue
    language: Language
    files: Sequence[str]
    identifier: str

    @property
    def wording(self) -> Wording:
        return Wording(self.catalogue, self.language, self.published.symbol)

    @property
    def named(self) -> list[tuple[str, Table]]:
        return [
            (asked.name, replace(table, title=asked.title or table.title))
            for asked, table in zip(self.question.tables, self.published, strict=True)
        ]

    def word(self, key: str, **parts: object) -> str:
        return escape(self.wording.word(key, **parts))

    def say(self, text: Text) -> str:
        return escape(self.wording.say(text))


def index_page(index: Index) -> bytes:
    """The page; it stands by itself, without script, and the same release gives the same bytes."""
    sections = [*(_table(index, name, table) for name, table in index.named), _definitions(index), _files(index),
                _history(index)]  # fmt: skip
    title = index.say(index.question.title)
    said = "".join(f'<p class="mark">{index.say(note.text)}</p>' for note in _marks(index))
    scope = escape(". ".join(index.wording.scope(index.published.tables[0])))
    body = f"<header><h1>{title}</h1>{said}<p>{scope}.</p></header>{_navigation(index)}<main>{''.join(sections)}</main>"
    return (
        f'<!doctype html>\n<html lang="{index.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>\n"
    ).encode()


def _marks(index: Index) -> list[Note]:
    return marks(index.published, index.catalogue)


def _navigation(index: Index) -> str:
    places = [(f"table-{name}", index.say(table.title)) for name, table in index.named]
    places += [(key, index.word(f"index.{key}")) for key in ("definitions", "files", "history")]
    items = "".join(f'<li><a href="#{place}">{said}</a></li>' for place, said in places)
    return f'<nav aria-label="{index.word("index.contents")}"><ul>{items}</ul></nav>'


def _table(index: Index, name: str, table: Table) -> str:
    """A table whose every cell leads to what it is measured by, and under it the files that hold it."""
    periods = list(dict.fromkeys(figure.period for figure in table.figures))
    heads = "".join(f'<th scope="col">{index.say(period.name)}</th>' for period in periods)
    stub = escape(index.wording.word("table.form"))
    rows = "".join(_row(index, table, row, len(periods)) for row in rows_of(table))
    notes = "".join(f"<li>{index.say(note.text)}</li>" for note in table.notes)
    return (
        f'<section id="table-{name}"><h2>{index.say(table.title)}</h2><div class="scroll" tabindex="0" role="group" '
        f'aria-label="{index.say(table.title)}"><table><caption>{index.say(table.title)}</caption><thead><tr>'
        f'<th scope="col">{stub}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        f"{f'<ul>{notes}</ul>' if notes else ''}<p>{index.word('index.get_data')}: {_links(index, name)}. "
        f'<a href="#history">{index.word("index.history")}</a></p></section>'
    )


def _row(index: Index, table: Table, figures: Sequence[Figure], periods: int) -> str:
    first = figures[0]
    label = index.wording.row(first, table) if not first.by else " · ".join(index.wording.by_words(first))
    cells = "".join(_cell(index, figure) for figure in figures)
    cells += f"<td>{escape(index.wording.word('table.no_figure'))}</td>" * (periods - len(figures))
    total = ' class="total"' if first.instrument is None else ""
    return f'<tr{total}><th scope="row">{escape(label)}</th>{cells}</tr>'


def _cell(index: Index, figure: Figure) -> str:
    said = escape(index.wording.cell(figure))
    reason = index.wording.reason(figure)
    why = f" ({escape(reason)})" if reason and figure.status not in ("value", "suppressed") else ""
    number = ' class="number"' if figure.status == "value" else ""
    return f'<td{number}><a href="#{_anchor(*_measured_by(figure))}">{said}</a>{why}</td>'


def _measured_by(figure: Figure) -> tuple[str, str]:
    """The kind and code of what a cell is measured by: its definition, or its indicator where there is none."""
    if figure.definition:
        return "definition", figure.definition.name
    return "indicator", figure.indicator


def _anchor(kind: str, code: str) -> str:
    return f"{kind}-{escape(code, quote=True)}"


def _links(index: Index, name: str) -> str:
    """The files that hold a table, in the order of the release."""
    mine = (f"data/csv/{name}.csv", f"sdmx/{name}.csv", "data/figures.json", "tables/tables.xlsx")
    return ", ".join(f'<a href="{path}">{path}</a>' for path in mine if path in index.files)


def _definitions(index: Index) -> str:
    """What each indicator, definition and form means, and which tables tell of it."""
    named = codes_of(index.published, index.catalogue)
    items = []
    for kind in ("indicator", "definition", "instrument"):
        for code, name in named[kind].items():
            told = [table for table, one in index.named if any(code in _codes(f, kind) for f in one.figures)]
            links = ", ".join(f'<a href="#table-{table}">{table}</a>' for table in told)
            meaning = index.say(meaning_of(index.catalogue, kind, code))
            items.append(f'<dt id="{_anchor(kind, code)}">{index.say(name)}</dt><dd>{meaning} '
                         f"{index.word('index.in_tables')}: {links}.</dd>")  # fmt: skip
    return f'<section id="definitions"><h2>{index.word("index.definitions")}</h2><dl>{"".join(items)}</dl></section>'


def _codes(figure: Figure, kind: str) -> tuple[str | None, ...]:
    if kind == "definition":
        return (figure.definition.name if figure.definition else None,)
    return (figure.indicator,) if kind == "indicator" else (figure.instrument, *figure.leaves_out)


def _files(index: Index) -> str:
    names = sorted([*index.files, "manifest.json"])
    items = "".join(f'<li><a href="{escape(name, quote=True)}">{escape(name)}</a></li>' for name in names)
    return f'<section id="files"><h2>{index.word("index.files")}</h2><ul>{items}</ul></section>'


def _history(index: Index) -> str:
    """Which register the numbers were known from, and how anybody can follow what becomes of them."""
    scope, service = index.published.tables[0].scope, index.catalogue.service
    told: Mapping[str, str] = {
        "known_on": long_day(scope.as_known_on, index.language),
        "said_on": long_day(scope.clock, index.language),
        "snapshot": scope.snapshot,
        "catalogue": scope.catalogue,
        "identifier": index.identifier,
        "licence": index.wording.say(service.licence.name) if service.licence else "",
        "contact": service.contact or "",
    }
    items = "".join(
        f"<dt>{index.word(f'index.{key}')}</dt><dd>{escape(value)}</dd>" for key, value in told.items() if value
    )  # fmt: skip
    said = f"<h2>{index.word('index.history')}</h2><p>{index.word('index.follows')}</p><dl>{items}</dl>"
    return f'<section id="history">{said}</section>'
