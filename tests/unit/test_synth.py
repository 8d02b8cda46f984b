"""A register that does not exist holds what its profile says, counted here without any of the program's measuring."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import nn

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.periods import Horizon, add_months
from uitstroom.recipes import figures
from uitstroom.registers import Store
from uitstroom.registers.contract import COLUMNS
from uitstroom.registers.delivery import read_delivery
from uitstroom.synth import chance, days, files, following, loading, people, write_delivery
from uitstroom.synth.profile import Based

CATALOGUE = Catalogue.load()
TEXTS = days.texts()
PROFILE = loading.load("vdab-2017", CATALOGUE)
S1 = {
    "activeringsstage": 312, "bvs": 3076, "opleidingsstage": 11571, "bio": 1000, "ibo": 7183, "iss": 73, "wes": 36,
}  # fmt: skip
NEVER = "coalesce(end_reason, '') in ('cancelled', 'registered_in_error')"
WORK = "work_type in ('OTH', 'EXT', 'FLX', 'STU')"


class Register:
    """The two deliveries of one register in a database: `action` and `spell` as the first tells them, `*_later` after
    the second is put on top."""

    def __init__(self, folders: tuple[Path, Path]) -> None:
        self.folders = folders
        self._database = duckdb.connect()
        for table, stem, key in (("action", "actions", "action_id"), ("spell", "spells", "spell_id")):
            self._read(table, folders[0] / f"{stem}.csv")
            self._read(f"{table}_changes", folders[1] / f"{stem}.csv")
            self._database.execute(f"""create table {table}_later as
                select * from {table} where {key} not in (select {key} from {table}_changes)
                union all by name
                select * exclude operation from {table}_changes where operation = 'upsert'""")
        self._read("change", folders[0] / "person_changes.csv")
        self._database.execute("create table told as select action_id, person_id from action")
        for table in ("action", "action_later"):
            self._database.execute(
                f"update {table} set person_id = change.new from change where change.old = {table}.person_id"
            )

    def _read(self, table: str, path: Path) -> None:
        names = duckdb.sql(f"select * from read_csv('{path}', all_varchar=true) limit 0").columns
        types = "{" + ", ".join(f"'{name}': '{'date' if name in DAYS else 'varchar'}'" for name in names) + "}"
        self._database.execute(
            f"create table {table} as select * from read_csv('{path}', header=true, columns={types}, auto_detect=false)"
        )

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self._database.sql(sql).fetchall()

    def value(self, sql: str) -> int:
        found = self.rows(sql)[0][0]
        assert isinstance(found, int)
        return found


DAYS = {column.name for table in COLUMNS.values() for column in table if column.type == "day"}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return Register(write_delivery("vdab-2017", tmp_path_factory.mktemp("register")))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return Register(write_delivery("vdab-2017", tmp_path_factory.mktemp("small"), seed=7, scale=0.25))


def started(register: Register, first: str, last: str, table: str = "action") -> dict[object, object]:
    rows = register.rows(f"""select instrument, count(*) from {table}
        where resumes is null and coalesce(approved_on, start_date) between '{first}' and '{last}' and not {NEVER}
        and instrument <> 'opleiding' group by 1""")
    return dict(rows)


def rate(register: Register, units: str, period: str, months: int, suffix: str = "") -> tuple[int, int]:
    """How many of the units (rows of person, cohort day, anchor, linked) are at work, and how many are followed."""
    first, last = period.split("/")
    found = register.rows(f"""
        with unit as ({units}),
        followed as (
            select *, anchor + interval {months} month as due from unit
            where cohort between '{first}' and '{last}' and linked
        )
        select count(*) filter (where exists (
            select 1 from spell{suffix} s where s.person_id = f.person_id and {WORK}
            and s.start_date <= f.due and (s.end_date is null or s.end_date >= f.due)
        )), count(*) from followed f""")[0]
    assert isinstance(found[0], int)
    assert isinstance(found[1], int)
    return found[0], found[1]


def exactly(percentage: int, followed: int) -> int:
    """The whole number nearest to a percentage of the followed."""
    return (2 * percentage * followed + 100) // 200


def trajectories(until: str, suffix: str = "") -> str:
    return f"""
        select person_id, max(end_date) as cohort, max(end_date) as anchor,
            bool_and(coalesce(linked, 'yes') = 'yes') as linked
        from action{suffix}
        where instrument in ('opleiding', 'opleidingsstage') and start_date <= '{until}' and not {NEVER}
        group by coalesce(trajectory_id, coalesce(resumes, action_id)), person_id
        having bool_or(instrument = 'opleidingsstage') and bool_and(end_date is not null and end_date <= '{until}')"""


def own_actions(instrument: str, day: str, until: str, suffix: str = "") -> str:
    ended = f"and end_date <= '{until}'" if day == "end_date" else ""
    return f"""
        select person_id, {day} as cohort, {day} as anchor, coalesce(linked, 'yes') = 'yes' as linked
        from action{suffix} where instrument = '{instrument}' and not {NEVER} and resumes is null {ended}"""


FIRST_HALF = "2017-01-01/2017-06-30"


def test_the_published_counts_come_out(register: Register) -> None:
    assert started(register, "2017-01-01", "2017-06-30") == S1
    assert sum(S1.values()) == 23251


def test_gos_is_a_part_of_bvs(register: Register) -> None:
    gos = register.value(f"""select count(*) from action where variant = 'gos' and not {NEVER} and resumes is null
        and start_date between '2017-01-01' and '2017-06-30'""")
    assert gos == round(3076 * PROFILE.forms[1].variants["gos"])


def test_the_published_number_of_persons_comes_out(register: Register) -> None:
    persons = register.value(f"""select count(distinct person_id) from action where resumes is null and not {NEVER}
        and instrument not in ('opleiding', 'bio') and start_date between '2016-07-01' and '2017-06-30'""")
    assert persons == PROFILE.persons.count
    assert round(persons, -3) == 37000


def test_two_thirds_of_the_trajectories_are_at_work_after_three_months(register: Register) -> None:
    at_work, followed = rate(register, trajectories("2017-11-10"), FIRST_HALF, 3)
    assert at_work == exactly(67, followed)
    assert round(100 * at_work / followed) == 67
    assert followed != 11571


def test_47_percent_of_iss_is_at_work_after_three_months(register: Register) -> None:
    at_work, followed = rate(register, own_actions("iss", "end_date", "2017-11-10"), FIRST_HALF, 3)
    assert at_work == exactly(47, followed)
    assert round(100 * at_work / followed) == 47


def test_ibo_becomes_known_with_the_second_delivery(register: Register) -> None:
    first, second = (read_delivery(folder).manifest.tables["spell"] for folder in register.folders)
    settled = datetime.date(2018, 6, 30)
    assert first.complete_until is not None
    assert second.complete_until is not None
    assert first.complete_until < settled <= second.complete_until
    units = own_actions("ibo", "start_date", "2018-06-30", "_later")
    at_work, followed = rate(register, units, FIRST_HALF, 12, "_later")
    assert at_work == exactly(80, followed)


def test_half_years_before_and_after_are_there_too(register: Register) -> None:
    for period, first, last in (("2016-S1", "2016-01-01", "2016-06-30"), ("2016-S2", "2016-07-01", "2016-12-31")):
        asked = {
            form.instrument: one.entrants for form in PROFILE.forms for one in form.cohorts if one.period == period
        }
        assert started(register, first, last) == asked
    assert set(started(register, "2017-07-01", "2017-11-10")) == set(S1)


def test_at_another_scale_and_seed_counts_are_in_proportion(small: Register) -> None:
    found = started(small, "2017-01-01", "2017-06-30")
    assert found == {code: round(count * 0.25) for code, count in S1.items()}
    at_work, followed = rate(small, trajectories("2017-11-10"), FIRST_HALF, 3)
    assert at_work == exactly(67, followed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 2**31])
def test_with_any_seed_the_published_figures_come_out(seed: int, tmp_path: Path) -> None:
    register = Register(write_delivery("vdab-2017", tmp_path, seed=seed))
    assert started(register, "2017-01-01", "2017-06-30") == S1
    for units, percentage in ((trajectories("2017-11-10"), 67), (own_actions("iss", "end_date", "2017-11-10"), 47)):
        at_work, followed = rate(register, units, FIRST_HALF, 3)
        assert at_work == exactly(percentage, followed)
    at_work, followed = rate(
        register, own_actions("ibo", "start_date", "2018-06-30", "_later"), FIRST_HALF, 12, "_later"
    )
    assert at_work == exactly(80, followed)


HARD_CASES = {
    "interrupted and resumed": "from action a join action b on b.resumes = a.action_id and a.person_id = b.person_id "
    "where a.end_reason = 'interrupted' and b.start_date > a.end_date",
    "cancelled before the start": "from action where end_reason = 'cancelled' and end_date < start_date",
    "cancelled without an end": "from action where end_reason = 'cancelled' and end_date is null",
    "registered in error": "from action where end_reason = 'registered_in_error' and instrument <> 'bio'",
    "dropouts": "from action where end_reason = 'stopped_by_participant' and end_date < planned_end_date",
    "overlapping actions": "from action a join action b using (person_id) where a.action_id < b.action_id "
    "and a.instrument <> b.instrument and a.start_date <= b.end_date and b.start_date <= a.end_date",
    "repeat participants": "from (select person_id from action where resumes is null and instrument <> 'opleiding' "
    "group by 1 having count(distinct instrument) > 1)",
    "several placements": "from (select trajectory_id, person_id from action where instrument = 'opleidingsstage' "
    "and resumes is null and trajectory_id is not null group by all having count(*) > 1)",
    "training after the last placement": "from (select trajectory_id, person_id from action where trajectory_id is not "
    "null group by all having max(end_date) filter (instrument = 'opleiding') > "
    "max(end_date) filter (instrument = 'opleidingsstage'))",
    "a placement that starts after the first delivery's last day": "from action where start_date > '2017-11-10'",
    "a trajectory number shared by two persons": "from (select trajectory_id from action where trajectory_id "
    "is not null group by 1 having count(distinct person_id) > 1)",
    "a placement without trajectory": "from action where instrument = 'opleidingsstage' and trajectory_id is null",
    "IVT lines": "from spell where work_type = 'IVT'",
    "TRI lines": "from spell where work_type = 'TRI'",
    "on the due day only the placement's line": "from action a join spell s on s.person_id = a.person_id and "
    "s.work_type = 'IVT' and a.end_date + interval 3 month between s.start_date and s.end_date "
    "where a.instrument = 'opleidingsstage'",
    "jobs split into touching lines": "from spell a join spell b on a.person_id = b.person_id and a.employer_id = "
    "b.employer_id and b.start_date = a.end_date + 1",
    "lines that overlap by some days": "from spell a join spell b on a.person_id = b.person_id and a.employer_id = "
    "b.employer_id and b.start_date = a.end_date - 2 and b.end_date > a.end_date and a.start_date < b.start_date",
    "running, with a planned end ahead": "from action where end_date is null and planned_end_date > '2017-11-15'",
    "running, without a planned end": "from action where start_date <= '2017-11-10' and end_date is null and "
    "planned_end_date is null and end_reason is null and instrument <> 'bio'",
    "an end that still lies ahead": "from action where end_date > '2017-11-15'",
    "not linked": "from action where linked = 'no'",
    "persons without any line": "from (select distinct person_id from action where person_id is not null "
    "except select person_id from spell)",
    "BIO with only an approval": "from action where instrument = 'bio' and approved_on is not null and "
    "planned_days > '0' and person_id is null and start_date is null and employer_id is null and birth_date is null",
    "BIO with a person that does not count": "from action where instrument = 'bio' and person_id is not null",
    "BIO withdrawn": "from action where instrument = 'bio' and end_reason = 'withdrawn'",
    "BIO registered in error": "from action where instrument = 'bio' and end_reason = 'registered_in_error'",
    "activation placements before their decree": "from action where instrument = 'activeringsstage' and start_date "
    "between '2017-01-01' and '2017-04-10'",
    "actions that began before the register": "from action where start_date < '2016-01-01'",
    "work experience outside its frames": "from action_later where instrument = 'wes' and frame is null",
    "renumbered persons": "from told join change on told.person_id = change.old",
    "both numbers of a renumbered person": "from change where old in (select person_id from told) "
    "and new in (select person_id from spell)",
    "registered late": "from action_changes where operation = 'upsert' and start_date between '2017-01-01' and "
    "'2017-06-30' and action_id not in (select action_id from action)",
    "an end told later": "from action a join action_changes c using (action_id) where a.end_date is null and "
    "c.end_date <= '2017-11-10'",
    "a corrected start": "from action a join action_changes c using (action_id) where a.start_date <> c.start_date",
    "deleted actions": "from action_changes where operation = 'delete'",
    "annulled actions": "from action a join action_changes c using (action_id) where a.end_reason is distinct from "
    "'registered_in_error' and c.end_reason = 'registered_in_error'",
    "deleted lines": "from spell_changes where operation = 'delete'",
    "lines that ended since": "from spell a join spell_changes c using (spell_id) where a.end_date is null and "
    "c.end_date is not null",
}


@pytest.mark.parametrize("case", HARD_CASES)
def test_hard_cases_are_among_them(case: str, register: Register) -> None:
    assert register.value(f"select count(*) {HARD_CASES[case]}") >= 3


def test_late_registrations_change_the_counts_of_the_first_half_year(register: Register) -> None:
    assert started(register, "2017-01-01", "2017-06-30", "action_later") != S1


def test_changes_only_touch_what_the_first_delivery_holds(register: Register) -> None:
    for table, key in (("action", "action_id"), ("spell", "spell_id")):
        known = f"select {key} from {table}"
        deleted = f"select count(*) from {table}_changes where operation = 'delete' and {key} not in ({known})"
        assert register.value(deleted) == 0
        assert register.value(f"select count(*) - count(distinct {key}) from {table}_later") == 0


@pytest.mark.parametrize("suffix", ["", "_later"])
def test_no_row_has_a_structural_fault(suffix: str, register: Register) -> None:
    faults = [
        f"from action{suffix} where end_date < start_date and not {NEVER}",
        f"from action{suffix} where end_reason is not null and end_date is null and not {NEVER}",
        f"from action{suffix} where start_date is null and approved_on is null",
        f"from spell{suffix} where end_date < start_date or person_id is null",
        f"from action{suffix} a join action{suffix} b on b.resumes = a.action_id where a.person_id <> b.person_id "
        "or a.instrument <> b.instrument or a.end_date is null or b.start_date <= a.end_date",
        f"from (select resumes from action{suffix} where resumes is not null group by 1 having count(*) > 1)",
    ]
    assert [register.value(f"select count(*) {fault}") for fault in faults] == [0] * len(faults)


def test_manifests_and_columns_are_those_of_the_contract(register: Register) -> None:
    for folder, kind in zip(register.folders, ("full", "changes"), strict=True):
        manifest = read_delivery(folder).manifest
        assert (manifest.kind, manifest.synthetic, manifest.delivered_on.isoformat()) == (kind, True, folder.name)
        assert PROFILE.notice["nl"] in (folder / "delivery.toml").read_text("utf-8")
        for table, part in manifest.tables.items():
            with (folder / part.files[0]).open(encoding="utf-8") as file:
                header = set(file.readline().strip().split(",")) - {"operation"}
            known = {column.name for column in COLUMNS[table]}
            assert header <= known | {one.column for one in CATALOGUE.dimensions.values()}
            assert {column.name for column in COLUMNS[table] if column.always} <= header


def test_every_code_is_one_of_the_catalogue(register: Register) -> None:
    coded = [one for one in CATALOGUE.dimensions.values() if one.kind == "code" and one.codes and not one.open]
    allowed = {
        "instrument": set(CATALOGUE.instruments),
        "end_reason": set(CATALOGUE.end_reasons),
        "variant": {variant.code for one in CATALOGUE.instruments.values() for variant in one.variants},
        **{one.column: {entry.code for entry in one.codes} for one in coded},
        "frame": set(CATALOGUE.frames),
    }
    assert {"sex", "education", "employer_sector"} <= set(allowed)
    for column, codes in allowed.items():
        assert {found for (found,) in register.rows(f"select distinct {column} from action_later")} - {None} <= codes
    found = {kind for (kind,) in register.rows("select distinct work_type from spell_later")}
    assert found <= set(CATALOGUE.work_types)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    contents = [
        [path.read_bytes() for folder in write_delivery("vdab-2017", tmp_path / name, seed=seed, scale=0.02)
         for path in sorted(folder.iterdir())]
        for name, seed in (("a", 5), ("b", 5), ("c", 6))
    ]  # fmt: skip
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def test_parquet_holds_the_same_rows_with_types_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    written = {
        name: write_delivery("vdab-2017", tmp_path / name, scale=0.05, format="csv" if name == "csv" else "parquet")
        for name in ("csv", "parquet", "again")
    }
    for place, table in ((0, "actions"), (0, "spells"), (1, "actions"), (1, "spells")):
        parquet, again = (written[name][place] / f"{table}.parquet" for name in ("parquet", "again"))
        assert parquet.read_bytes() == again.read_bytes()
        columns = duckdb.sql(f"select * from '{parquet}' limit 0")
        types = dict(zip(columns.columns, map(str, columns.types), strict=True))
        assert (types["start_date"], types["person_id"]) == ("DATE", "VARCHAR")
        text = ", ".join(f"cast({name} as varchar)" for name in columns.columns)
        same = duckdb.sql(f"select {text} from '{parquet}'").fetchall()
        source = written["csv"][place] / f"{table}.csv"
        expected = duckdb.sql(f"select * from read_csv('{source}', all_varchar=true, header=true)").fetchall()
        yes_no = columns.columns.index("linked") if "linked" in columns.columns else None
        if yes_no is not None:
            expected = [(*row[:yes_no], row[yes_no] and "false", *row[yes_no + 1 :]) for row in expected]
        assert same == expected


def test_national_numbers_are_valid_and_nobodys(tmp_path: Path) -> None:
    folder, _ = write_delivery("vdab-2017", tmp_path, scale=0.02, person="insz")
    assert read_delivery(folder).manifest.person == "number"
    numbers = [number for (number,) in duckdb.sql(
        f"select distinct person_id from read_csv('{folder}/actions.csv', all_varchar=true) where person_id is not null"
    ).fetchall()]  # fmt: skip
    assert len(numbers) > 500
    for number in numbers:
        nn._checksum(number)
        assert 40 <= int(number[4:6]) <= 99, "a day of birth that exists"
    assert all(nn.is_valid(files.insz(person)) for person in (0, 1, 99_999, 1_234_567, 20_000_000))


def test_each_person_has_a_number_of_its_own() -> None:
    people = [*range(3000), *range(71_000, 74_000), 5_000_000, *(files.FORMER + number for number in range(3000))]
    for write in (files.insz, files.pseudonym):
        assert len({write(person) for person in people}) == len(people)


def test_a_catalogue_in_which_bio_records_persons_gives_bio_persons(tmp_path: Path) -> None:
    bio = CATALOGUE.instruments["bio"]
    records = ("person_id", "start_date", "end_date", "approved_on", "planned_days", "end_reason")
    version = bio.versions[0].model_copy(update={"records": records})
    changed = bio.model_copy(update={"versions": (version,)})
    catalogue = dataclasses.replace(CATALOGUE, instruments={**CATALOGUE.instruments, "bio": changed})
    folder, _ = write_delivery("vdab-2017", tmp_path, scale=0.05, catalogue=catalogue)
    rows = duckdb.sql(f"""select count(*), count(person_id), count(start_date), count(employer_id)
        from read_csv('{folder}/actions.csv', all_varchar=true) where instrument = 'bio'""").fetchall()[0]
    assert rows[0] == rows[1] == rows[2] > 100


def test_a_catalogue_that_records_more_of_bio_measures_the_few_known_persons(small: Register, tmp_path: Path) -> None:
    bio = CATALOGUE.instruments["bio"]
    records = ("person_id", "start_date", "end_date", "approved_on", "planned_days", "end_reason")
    version = bio.versions[0].model_copy(update={"records": records})
    changed = bio.model_copy(update={"versions": (version,)})
    catalogue = dataclasses.replace(CATALOGUE, instruments={**CATALOGUE.instruments, "bio": changed})
    store = Store(tmp_path)
    assert store.load(small.folders[0], catalogue).quarantined["action"] == 0
    asked = figures(
        store, ["outflow"], "2017-S1", as_of=datetime.date(2017, 11, 23), catalogue=catalogue, internal=True
    )
    rates = {figure.instrument: figure for figure in asked.tables[0].figures}
    assert (rates["bio"].status, rates["bio"].base) == ("value", rates["bio"].maturity.followed)


def test_codes_that_the_catalogue_does_not_know_are_all_named() -> None:
    catalogue = dataclasses.replace(CATALOGUE, work_types={}, frames={}, sources={})
    with pytest.raises(UitstroomError) as caught:
        loading.load("vdab-2017", catalogue)
    said = str(caught.value)
    assert all(word in said for word in ("work type 'IVT'", "frame 'tiw'", "ibo 2017-S1"))
    assert "IBO 2016-S1" not in said


def test_what_cannot_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such profile"):
        write_delivery("vdab-1999", tmp_path)
    with pytest.raises(UsageError, match="above 0"):
        write_delivery("vdab-2017", tmp_path, scale=0)
    (tmp_path / "2018-07-16").mkdir()
    (tmp_path / "2018-07-16" / "mine.txt").write_text("kept")
    with pytest.raises(UitstroomError, match="already holds files"):
        write_delivery("vdab-2017", tmp_path, scale=0.01)
    assert [path.name for path in tmp_path.iterdir()] == ["2018-07-16"], "a refusal leaves something behind"


@given(
    st.dates(datetime.date(1901, 1, 1), datetime.date(2050, 12, 31))
    | st.sampled_from([datetime.date(2016, 2, 29), datetime.date(2017, 11, 30), datetime.date(2015, 8, 31)]),
    st.integers(-24, 24),
)
def test_months_are_added_as_everywhere(day: datetime.date, months: int) -> None:
    number = np.array([days.number(day)])
    assert days.add_months(number, months)[0] == days.number(add_months(day, months))
    for horizon in (Horizon(months=3), Horizon(days=40), Horizon(on=datetime.date(2016, 12, 31))):
        assert days.due_days(number, horizon)[0] == days.number(horizon.due_day(day))
    assert TEXTS[number[0]] == day.isoformat()


@given(st.integers(0, 10_000), st.lists(st.floats(0.001, 1), min_size=1, max_size=8))
def test_shares_always_add_up(total: int, shares: list[float]) -> None:
    parts = chance.allotted(total, shares)
    assert sum(parts) == total
    assert all(abs(part - total * share / sum(shares)) <= 1 for part, share in zip(parts, shares, strict=True))


def test_a_person_looked_at_twice_on_one_day_is_found_the_same() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    of_unit = np.concatenate([np.arange(100), np.arange(100)])
    persons = people.People(of_unit, of_unit >= 0, nobody, nobody, nobody, {})
    deciding = following.Deciding(np.ones(200), persons, chance.stream(1, "test"))
    day = days.number(datetime.date(2017, 9, 30))
    first = np.arange(200) < 100
    deciding.decide(np.where(first, day, days.NO_DAY), 60)
    again = np.arange(200) % 2 == 1
    deciding.decide(np.where(~first, np.where(again, day, day + 1), days.NO_DAY), 50)
    looks = deciding.looks()
    assert looks.at_work[:100].sum() == 60
    assert (looks.at_work[100:][again[100:]] == looks.at_work[:100][again[:100]]).all()
    assert looks.at_work[100:].sum() == 50


def every_basis() -> Iterator[Based]:
    return (based for _, based in loading._based(PROFILE))


def test_only_what_the_answer_publishes_is_called_stated() -> None:
    stated = {(form.instrument, one.period) for form in PROFILE.forms for one in form.cohorts if one.basis == "stated"}
    assert stated == {(code, "2017-S1") for code in S1}
    rates = {(form.instrument, one.percentage) for form in PROFILE.forms for one in form.rates if one.basis == "stated"}
    assert rates == {("opleidingsstage", 67), ("iss", 47)}
    assert {based.source for based in every_basis() if based.basis != "invented"} == {"seed"}
    assert {based.source for based in every_basis() if based.basis == "invented"} == {None}


def test_the_program_measures_what_is_counted_here(small: Register, tmp_path: Path) -> None:
    """Through the whole way of the data: loaded, quarantining nothing, and measured as known on two days."""
    store = Store(tmp_path / "store")
    reports = [store.load(folder, CATALOGUE) for folder in small.folders]
    assert [sum(report.quarantined.values()) for report in reports] == [0, 0]
    days_asked = (datetime.date(2017, 11, 23), datetime.date(2018, 7, 16))
    for day, suffix, ibo in zip(days_asked, ("", "_later"), ("not_yet_known", "value"), strict=True):
        until = "2018-06-30" if suffix else "2017-11-10"
        tables = figures(store, ["started", "outflow"], "2017-S1", as_of=day, internal=True).tables
        counts, rates = ({one.instrument: one for one in table.figures if not one.by} for table in tables)
        counted = started(small, "2017-01-01", "2017-06-30", f"action{suffix}")
        assert {code: one.value for code, one in counts.items() if code} == counted
        for code, units in (("opleidingsstage", trajectories(until, suffix)),
                            ("iss", own_actions("iss", "end_date", until, suffix))):  # fmt: skip
            assert (rates[code].numerator, rates[code].base) == rate(small, units, FIRST_HALF, 3, suffix)
        assert (rates["ibo"].status, rates["bio"].status, rates["wes"].status) == (
            ibo,
            "not_possible",
            "not_applicable",
        )
