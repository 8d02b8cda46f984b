"""What SQL says is what was meant: names and values as they are, and of files those that were named, as they stand."""

import duckdb
import pytest

from uitstroom.errors import UitstroomError
from uitstroom.periods import Day
from uitstroom.sql import day_literal, file_literal, identifier, literal, literals, parquet, path_literal

FOLDERS = (
    "instrument=ibo",
    "person_id=1003",
    "new=1",
    "x?",
    "xy",
    "a b",
    "[1]",
    "1",
    "é",
    "a*b",
    "a\\b",
    "it's",
    "{a}",
)
FILES = ("rows.parquet", "[r]ows?.parquet", "*.parquet")


@pytest.mark.parametrize("options", [{}, {"named": True, "numbered": True}, {"by_name": True}])
def test_a_file_is_read_as_it_stands_whatever_its_folder_is_called(tmp_path, options):
    for number, folder in enumerate(FOLDERS):
        for place, name in enumerate(FILES):
            path = tmp_path / folder / name
            path.parent.mkdir(exist_ok=True)
            if "\\" in folder and place:
                continue
            rows = f"select {number * 10 + place} as number, 'iss' as instrument, 7 as person_id"
            duckdb.execute(f"copy ({rows}) to {path_literal(path)} (format parquet)")
    for number, folder in enumerate(FOLDERS):
        for place, name in enumerate(FILES):
            path = tmp_path / folder / name
            if path.exists():
                wanted = [(number * 10 + place, "iss", 7, *([0, str(path)] if "named" in options else []))]
                where = "where instrument = 'iss' and person_id = 7"
                assert duckdb.sql(f"select * from {parquet([path], **options)} {where}").fetchall() == wanted


def test_a_path_that_the_engine_cannot_be_told_is_refused():
    with pytest.raises(UitstroomError, match="backslash"):
        file_literal("a\\b/x?.parquet")


def test_texts_names_and_days():
    text, name = literal("l'Est"), identifier('o"n')
    found = duckdb.sql(f"select {text}, {day_literal(Day(2017, 6, 30))}, 1 as {name}")
    assert found.fetchall() == [("l'Est", Day(2017, 6, 30), 1)]
    assert found.columns[2] == 'o"n'


def test_an_empty_list_matches_nothing():
    among = [f"coalesce('a' in ({literals(texts)}), false)" for texts in (["b", "a"], ["b"], [])]
    assert duckdb.sql(f"select {', '.join(among)}").fetchall() == [(True, False, False)]
