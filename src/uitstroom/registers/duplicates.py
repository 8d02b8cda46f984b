"""Rows of a delivery with one key: of equal ones one stays, of different ones none does (rule intake.duplicates)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from uitstroom.registers.columns import KEYS
from uitstroom.registers.fit import PLACE, Fit
from uitstroom.registers.intake import Intake
from uitstroom.registers.pieces import Pieces
from uitstroom.registers.rejecting import reject
from uitstroom.registers.waiting import Actions
from uitstroom.sql import identifier, parquet

AT_ONCE = 24_000_000
"""Keys among which repeated ones are looked for at once."""


def set_apart(connection: Any, intake: Intake, fit: Fit) -> None:
    """Move the rows too many to the faults."""
    if not _repeated(connection, fit):
        return
    if isinstance(fit, Pieces):
        _of_pieces(connection, intake, fit)
    else:
        _of_rows(connection, fit)


def _faulty(fit: Fit) -> str:
    """SQL: the keys of rows that are not fit, as keys of the table."""
    kind = _kind(fit)
    known = f"tbl = '{fit.table}' and try_cast(id as {kind}) is not null"
    return f"select distinct try_cast(id as {kind}) as id from faulty_id where {known}"


def _kind(fit: Fit) -> str:
    return fit.types[KEYS[fit.table]]


def _repeated(connection: Any, fit: Fit) -> bool:
    """Fill table `repeated` (id), and say whether there are any.

    Keys that ascend through the delivery can only repeat those of rows that are not fit. Others are looked through a
    bucket at a time, so that memory does not grow with the delivery.
    """
    key = identifier(KEYS[fit.table])
    connection.execute(f"create or replace temp table repeated (id {_kind(fit)})")
    connection.execute(f"create or replace temp table not_fit as {_faulty(fit)}")
    if not fit.ascending:
        buckets = 1 + fit.rows // AT_ONCE
        for bucket in range(buckets):
            where = f"where hash({key}) % {buckets} = {bucket}" if buckets > 1 else ""
            connection.execute(f"""insert into repeated
select {key} from {fit.keys} {where} group by {key} having count(*) > 1""")
    if _any(connection, "not_fit"):
        connection.execute(f"""insert into repeated
select distinct {key} from {fit.keys}
where {key} in (select id from not_fit) and {key} not in (select id from repeated)""")
    return _any(connection, "repeated")


def _any(connection: Any, table: str) -> bool:
    return bool(connection.execute(f"select count(*) > 0 from {table}").fetchall()[0][0])


def _kinds(rows: str) -> str:
    """SQL: each repeated key, and whether its rows (id, held) are different or one of them is not fit."""
    return f"""select id, count(distinct held) > 1 or id in (select id from not_fit) as different
  from {rows}
  group by id"""


def _of_rows(connection: Any, fit: Fit) -> None:
    key, held = identifier(KEYS[fit.table]), ", ".join(identifier(name) for name in fit.types)
    connection.execute(f"""create or replace temp table repeat as
select file, record, {key} as id, row(operation, {held}) as held
from {fit.table}_new
where {key} in (select id from repeated)""")
    connection.execute(f"create or replace temp table repeated_kind as {_kinds('repeat')}")
    reject(connection, fit.table, _judged(fit, "repeat"))


def _judged(fit: Fit, rows: str) -> str:
    return f"""select file, record, '{KEYS[fit.table]}' as col,
  case when different then 'different_duplicate' else 'duplicate' end as rule, id
from (
  select file, record, id, different, row_number() over (partition by id order by file, record) as place
  from {rows} join repeated_kind using (id)
)
where different or place > 1"""


def _of_pieces(connection: Any, intake: Intake, fit: Pieces) -> None:
    key, held = identifier(KEYS[fit.table]), ", ".join(identifier(name) for name in fit.types)
    source = f"(select *, null::varchar as filename, null::bigint as file_row_number from {fit.written})"
    if fit.all:
        source = parquet((one.path for one in fit.all), named=True, numbered=True)
    connection.execute(f"""create or replace temp table repeat as
select filename, file_row_number as place, {key} as id, row({held}) as held
from {source}
where {key} in (select id from repeated)""")
    if isinstance(fit, Actions):
        connection.execute(f"""insert into repeat
select null, null, {key}, row({held}) from action_new where {key} in (select id from repeated)""")
    connection.execute(f"create or replace temp table repeated_kind as {_kinds('repeat')}")
    connection.execute("""create or replace temp table doomed as
select filename, place
from (
  select filename, place, different, row_number() over (partition by id order by filename, place) as copy
  from repeat join repeated_kind using (id)
  where filename is not null
)
where different or copy > 1""")
    _places(connection, intake, fit)
    reject(connection, fit.table, _judged(fit, "repeat_place"))
    fit.without([row[0] for row in connection.execute("select distinct filename from doomed").fetchall()])


def _places(connection: Any, intake: Intake, fit: Pieces) -> None:
    """Fill table `<table>_again`, the rows with a repeated key as they were delivered, and `repeat_place` over it.

    The files are read once more, since the pieces do not say where a row was.
    """
    key, again = identifier(KEYS[fit.table]), f"{fit.table}_again"
    columns = [identifier(name) for name in fit.types]
    kinds = ", ".join(f"{name} {kind}" for name, kind in {**PLACE, **_quoted(fit.types)}.items())
    connection.execute(f"create or replace temp table {again} ({kinds})")
    for number, source in enumerate(intake.sources):
        place = [str(number) if name == "file" else name for name in PLACE]
        for block in source.blocks(connection, intake.judging(source).judged):
            if block.count:
                connection.execute(f"""insert into {again}
select {", ".join([*place, *columns])}
from {block.judged}
where not faulty and {key} in (select id from repeated)""")
    connection.execute(f"create or replace temp view repeat_place as select file, record, {key} as id from {again}")


def _quoted(types: Mapping[str, str]) -> dict[str, str]:
    return {identifier(name): kind for name, kind in types.items()}
