"""Bad input gets an error or quarantine with file, line, column and rule; never a traceback, and never an echo."""

from __future__ import annotations

import traceback

import duckdb
import pytest
from click.testing import CliRunner

from tests.integration.delivering import action, deliver, faults, load, names, spell, stored
from uitstroom.cli import main
from uitstroom.errors import UitstroomError
from uitstroom.registers import Store

CANARY = "KANARIE"
TABLES = {"action": [action("A"), action("B", person_id="2")], "spell": [spell("S")]}


def line(table: str, row: dict[str, object]) -> bytes:
    return (",".join(str(row.get(name, "")) for name in names(table)) + "\n").encode()


SING = {name: f"{CANARY}-{name}" for name in names("action")}
WORK = {name: f"{CANARY}-{name}" for name in names("spell")}
FIRST = {"instrument": "ibo", "start_date": "2017-01-15", "action_id": CANARY, "person_id": "3"}
PLAN = {"instrument": "bio", "approved_on": "2017-01-15", "action_id": CANARY, "planned_days": "90"}

BAD_LINES = {
    "every value wrong": ("action", line("action", SING), {
        ("instrument", "unknown_code"), ("variant", "unknown_code"), ("linked", "not_yes_or_no"),
        ("approved_on", "not_a_day"), ("planned_days", "not_a_whole_number"), ("start_date", "not_a_day"),
        ("planned_end_date", "not_a_day"), ("end_date", "not_a_day"), ("end_reason", "unknown_code"),
        ("frame", "unknown_code"), ("sex", "unknown_code"), ("birth_date", "not_a_day"),
        ("education", "unknown_code"), ("municipality", "unknown_code"), ("employer_sector", "unknown_code"),
        ("employer_municipality", "unknown_code"),
        ("origin", "unknown_code"), ("disability", "unknown_code"), ("unemployed_since", "not_a_day"),
    }),
    "every value of a spell wrong": ("spell", line("spell", WORK), {
        ("work_type", "unknown_code"), ("start_date", "not_a_day"), ("end_date", "not_a_day"),
    }),
    "no key": ("action", line("action", {**FIRST, "action_id": "", "trajectory_id": CANARY}),
                    {("action_id", "missing")}),
    "no start": ("action", line("action", {**FIRST, "start_date": ""}), {("start_date", "missing")}),
    "no instrument": ("action", line("action", {**FIRST, "instrument": ""}), {("instrument", "missing")}),
    "end before start": ("action", line("action", {**FIRST, "end_date": "2017-01-14", "end_reason": "completed"}),
                         {("end_date", "end_before_start")}),
    "a day that is none": ("action", line("action", {**FIRST, "start_date": "2017-02-29"}),
                    {("start_date", "not_a_day")}),
    "a day with a time": ("action", line("action", {**FIRST, "start_date": "2017-02-28 00:00"}),
                    {("start_date", "not_a_day")}),
    "a day for ever": ("spell", line("spell", {**spell(CANARY), "end_date": "9999-12-31"}),
                    {("end_date", "impossible_day")}),
    "half a day": ("action", line("action", {**PLAN, "planned_days": "1.5"}), {("planned_days", "not_a_whole_number")}),
    "negative": ("action", line("action", {**PLAN, "planned_days": "-1"}), {("planned_days", "negative")}),
    "another instrument's variant": ("action", line("action", {**FIRST, "variant": "gos"}),
                    {("variant", "unknown_code")}),
    "no person": ("spell", line("spell", {**spell(CANARY), "person_id": ""}), {("person_id", "without_person")}),
    "no work type": ("spell", line("spell", {**spell(CANARY), "work_type": ""}), {("work_type", "missing")}),
    "work ends before it starts": ("spell", line("spell", {**spell(CANARY), "end_date": "2017-04-14"}),
                                   {("end_date", "end_before_start")}),
    "too few columns": ("action", f"{CANARY},ibo\n".encode(), {("", "too_few_columns")}),
    "too many columns": ("spell", line("spell", WORK).strip() + f",{CANARY}\n".encode(), {("", "too_many_columns")}),
    "open quote": ("spell", f'{CANARY},"{CANARY},E,OTH,2017-01-01,\n'.encode(), {("", "open_quote")}),
    "wrong encoding": ("spell", f"{CANARY}\xe9,1,E,OTH,2017-01-01,\n".encode("latin-1"), {("", "encoding")}),
    "NUL byte": ("spell", f"{CANARY}\0,1,E,OTH,2017-01-01,\n".encode(), {("", "nul_byte")}),
    "a line of 10 MB": ("spell", CANARY.encode() * 1_500_000 + b"\n", {("", "line_too_long")}),
    "a line of 40 MB": ("spell", CANARY.encode() * 6_000_000 + b"\n", {("", "line_too_long")}),
    "stray carriage return": ("spell", f"{CANARY}\r,1,E,OTH,2017-01-01,\n".encode(), {("", "carriage_return")}),
    "deleted in a full delivery": ("action", None, {("operation", "delete_in_full")}),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_LINES)
def test_a_bad_line_is_set_apart_and_nothing_of_it_is_told_or_kept(tmp_path, kind):
    table, content, expected = BAD_LINES[kind]
    folder = deliver(tmp_path / "in", TABLES)
    if content is None:
        lines = [f"{text},operation" if not number else f"{text},upsert" for number, text in
                 enumerate((folder / "action.csv").read_text().splitlines())]  # fmt: skip
        lines.insert(2, line("action", FIRST).decode().strip() + ",delete")
        (folder / "action.csv").write_text("\n".join(lines))
    else:
        lines = (folder / f"{table}.csv").read_bytes().splitlines(keepends=True)
        (folder / f"{table}.csv").write_bytes(b"".join([*lines[:2], content, *lines[2:]]))
    done = CliRunner().invoke(main, ["load", str(folder), "--store", str(tmp_path / "store")])
    assert done.exit_code == 3, done.output
    assert CANARY not in done.output
    snapshot = Store(tmp_path / "store").as_known_on(None)
    assert set(stored(snapshot, "action")) == {"A", "B"}
    assert set(stored(snapshot, "spell")) == {"S"}
    nothing_kept(tmp_path / "store")
    report = load(tmp_path / "again", folder, quarantine=tmp_path / "quarantine")
    assert {(column, rule) for _, _, column, rule in faults(report)} == expected
    assert {(file, line) for file, line, _, _ in faults(report)} == {(f"{table}.csv", 3)}
    kept = (report.quarantine / f"{table}.csv").read_bytes()
    if content is not None:
        assert kept == lines[0] + content
    assert CANARY not in (report.quarantine / "faults.csv").read_text()


def nothing_kept(store):
    """The canary is nowhere in the store, compressed or not."""
    for path in (path for path in store.rglob("*") if path.is_file()):
        assert CANARY.encode() not in path.read_bytes()
        if path.suffix == ".parquet":
            with duckdb.connect() as connection:
                rows = connection.execute("select * from read_parquet($1)", [str(path)]).fetchall()
            assert CANARY not in str(rows)


def whole(name, content):
    def change(folder):
        (folder / name).write_bytes(content)

    return change


HEADER = ",".join(names("action")).encode() + b"\n"
REFUSED = {
    "missing file": (lambda folder: (folder / "action.csv").unlink(), "not there"),
    "empty file": (whole("action.csv", b""), "does not start with a header"),
    "missing column": (whole("spell.csv", f"spell_id,person_id\n{CANARY},{CANARY}\n".encode()), "work_type is missing"),
    "missing recorded column": (whole("action.csv", b"action_id,instrument,start_date\nKANARIE,ibo,2017-01-15\n"),
                                "employer_id is missing, and is recorded for ibo"),
    "no header": (whole("action.csv", line("action", SING)), "action_id is missing"),
    "two columns of a name": (whole("spell.csv", f"spell_id,SPELL_ID\n{CANARY},1\n".encode()), "same name"),
    "another delimiter": (whole("spell.csv", f"spell_id;person_id\n{CANARY};1\n".encode()), "delimiter"),
    "UTF-16": (whole("spell.csv", f"spell_id,person_id\n{CANARY},1\n".encode("utf-16")), "UTF-16"),
    "header in another encoding": (whole("spell.csv", f"{CANARY}\xe9\n".encode("latin-1")), "no header"),
    "header with an open quote": (whole("spell.csv", f'"{CANARY},\n'.encode()), "no header"),
    "binary junk": (whole("action.csv", CANARY.encode() + bytes(range(256)) * 100), "missing"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_delivery_that_is_not_whole_is_refused_whole(tmp_path, kind):
    change, said = REFUSED[kind]
    folder = deliver(tmp_path / "in", TABLES)
    change(folder)
    refused(tmp_path, folder, said)


@pytest.mark.parametrize(("change", "said"), [
    (lambda content: content[: len(content) // 2], "not a whole Parquet file"),
    (lambda content: CANARY.encode() + bytes(range(256)), "not a whole Parquet file"),
    (lambda content: b"", "not a whole Parquet file"),
    (lambda content: content[:20] + bytes(len(content) - 60) + content[-40:], ""),
])  # fmt: skip
def test_a_damaged_parquet_file_is_refused_whole(tmp_path, change, said):
    folder = deliver(tmp_path / "in", TABLES)
    with duckdb.connect() as connection:
        source = f"read_csv('{folder}/spell.csv', all_varchar = true)"
        rows = f"select * exclude (range) replace ('{CANARY}' || range as spell_id) from {source}, range(5000)"
        connection.execute(f"copy ({rows}) to '{folder}/s.parquet'")
    (folder / "s.parquet").write_bytes(change((folder / "s.parquet").read_bytes()))
    manifest = folder / "delivery.toml"
    manifest.write_text(manifest.read_text().replace("spell.csv", "s.parquet"))
    refused(tmp_path, folder, said)


def refused(tmp_path, folder, said):
    store = tmp_path / "store"
    done = CliRunner().invoke(main, ["load", str(folder), "--store", str(store)])
    assert done.exit_code == 1, done.output
    assert said in done.output
    assert CANARY not in done.output
    assert Store(store).snapshots() == ()
    assert not (tmp_path / "in-quarantine").exists()
    nothing_kept(store)
    with pytest.raises(UitstroomError) as raised:
        load(store, folder)
    assert CANARY not in "".join(traceback.format_exception(raised.value)).replace(str(tmp_path), "")


def test_a_full_disk_or_a_place_that_cannot_be_written_is_an_error(tmp_path):
    folder = deliver(tmp_path / "in", TABLES)
    (tmp_path / "file").write_text("")
    with pytest.raises(UitstroomError, match="cannot be written"):
        load(tmp_path / "file" / "store", folder)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    folder = deliver(tmp_path / "in", TABLES)

    def meddle(stage, _):
        if stage == "action":
            (folder / "spell.csv").write_bytes((folder / "spell.csv").read_bytes() + line("spell", spell("T")))

    with pytest.raises(UitstroomError, match="changed while it was read"):
        load(tmp_path / "store", folder, progress=meddle)


def test_rows_that_all_have_faults_leave_an_empty_snapshot_that_says_so(tmp_path):
    folder = deliver(tmp_path / "in", {"action": [action("A", instrument="?")], "spell": [spell("S", work_type="")]})
    report = load(tmp_path / "store", folder)
    assert report.snapshot.rows == {"action": 0, "spell": 0}
    assert report.snapshot.quarantined == {"action": 1, "spell": 1}
