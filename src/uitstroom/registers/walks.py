"""Links followed to their end, where each thing leads to one other at most: numbers of persons, resumed actions."""

from __future__ import annotations

from typing import Any


def walk(connection: Any, links: str) -> list[Any]:
    """Fill table `walk` (start, last, steps): where each start leads in the end; `links` selects start and next.

    Each round doubles the steps, so that a hundred thousand in a row take seventeen. Returns the starts that turn in a
    circle; where there are such, `last` means nothing for what leads into them.
    """
    connection.execute(f"""create or replace temp table walk as
select links.start, links.next as last, cast(1 as bigint) as steps from ({links}) links""")
    ahead = int(connection.execute("select count(*) from walk").fetchall()[0][0])
    reach = 1
    while _open(connection):
        if reach > ahead:
            return [row[0] for row in connection.execute(f"select distinct last {_OPEN} order by last").fetchall()]
        connection.execute("""create or replace temp table walked as
select one.start, coalesce(other.last, one.last) as last, one.steps + coalesce(other.steps, 0) as steps
from walk one
left join walk other on other.start = one.last""")
        connection.execute("drop table walk")
        connection.execute("alter table walked rename to walk")
        reach *= 2
    return []


_OPEN = "from walk one where exists (select 1 from walk other where other.start = one.last)"


def _open(connection: Any) -> bool:
    return bool(connection.execute(f"select count(*) > 0 {_OPEN}").fetchall()[0][0])
