"""Actions that are delivered whole: what the store keeps of a part of a chain depends on the other parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.fit import PLACE, Fit
from uitstroom.registers.intake import Intake
from uitstroom.registers.pieces import Pieces
from uitstroom.registers.report import Broken
from uitstroom.registers.rules import row_warnings
from uitstroom.registers.sources import ParquetSource
from uitstroom.registers.writing import Writing
from uitstroom.sql import parquet, path_literal


class Actions(Pieces):
    """Those that resume or are resumed wait in the staging folder until all are read, and stand as `action_new`.

    Where it cannot be known beforehand which are resumed, every action waits.
    """

    def __init__(self, connection: Any, table: str, catalogue: Catalogue, writing: Writing, folder: Path) -> None:
        super().__init__(connection, table, catalogue, writing)
        self.folder = folder
        self.waiting: dict[int, list[Path]] = {}
        self.warnings: list[dict[str, Broken]] = []
        """The rules that the rows break, each by itself; those rejected later on are counted too."""
        self._known = False

    @property
    def about(self) -> dict[str, str]:
        return PLACE

    @property
    def made(self) -> str:
        return f"{super().made}, action_id as chain_id, cast(1 as integer) as part, cast(1 as integer) as parts"

    @property
    def keys(self) -> str:
        return f"(from {super().keys} written union all select action_id from action_new)"

    @property
    def persons(self) -> str:
        return f"{super().persons}\nunion all\n{self._persons('action_new')}"

    def view(self, rows: str) -> None:
        Fit.view(self, rows)

    def look_ahead(self, intake: Intake) -> None:
        """See which actions are resumed, where the files can be asked for that column alone."""
        sources = [source for source in intake.sources if isinstance(source, ParquetSource)]
        if self.key_type != "bigint" or len(sources) < len(intake.sources):
            return
        column = next(column for column in intake.columns if column.name == "resumes")
        self.connection.execute("create or replace temp table resumed (id bigint)")
        for source in sources:
            if column.name in source.columns:
                value = f"try_cast({source.held(column).value} as bigint)"
                self.connection.execute(f"""insert into resumed
select distinct {value} from {parquet([source.path])} where {value} is not null""")
        self._known = True

    def _pieces(self) -> None:
        self.warnings.append(row_warnings(self.connection, self.catalogue, "action_fit"))
        apart = "resumes is not null or action_id in (select id from resumed)"
        where = f"where {apart}" if self._known else ""
        order = "order by partition" if self.partitions > 1 else ""
        rows = f"from action_fit {where} {order}"
        self.connection.execute(f"create or replace temp table action_apart as {rows}")
        for place in range(self.partitions):
            self._wait(place)
        if self._known:
            alone = "resumes is null and action_id not in (select id from resumed)"
            self._split(f"(from action_fit where {alone})")
        self.connection.execute("drop table action_apart")

    def _wait(self, place: int) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / f"action-{place}-{self._number}.parquet"
        rows = f"from action_apart where partition = {place}"
        self.connection.execute("set preserve_insertion_order = false")
        self.connection.execute(f"copy ({rows}) to {path_literal(path)} (format parquet, compression lz4_raw)")
        self.connection.execute("set preserve_insertion_order = true")
        path.chmod(0o600)
        self.waiting.setdefault(place, []).append(path)

    def finish(self) -> None:
        super().finish()
        self.connection.execute("create or replace temp table action_again as from action_fit limit 0")
        self.view(self.source([path for files in self.waiting.values() for path in files]))

    def source(self, files: Sequence[Path]) -> str:
        """A relation of the rows that wait in some files."""
        return parquet(files) if files else "(from action_fit where false)"
