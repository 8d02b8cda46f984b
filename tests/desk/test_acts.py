"""Acts are the truth: written once, in one line, and everything else is made of them."""

from __future__ import annotations

import datetime
import random
import threading
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("django")]
TODAY = datetime.date(2017, 6, 15)
DAY = datetime.timedelta(days=1)


def day(number):
    return datetime.date(2017, 1, 1) + number * DAY


@pytest.fixture
def world(django):
    """Two offices with a mediator each, an approver, two persons and two employers."""
    from tests.desk.worlds import World

    return World.made()


def registered(world, office=0, **values):
    from uitstroom.desk.acts import Deed

    said = {
        "instrument": "ibo", "person_id": world.persons[0], "employer_id": world.employers[0],
        "start_date": day(10), "planned_end_date": day(100), **values,
    }  # fmt: skip
    return world.do(office, Deed("registered", uuid4(), values=said))


def running(world, office=0, **values):
    action = registered(world, office, **values)
    action = world.next("approver", action, "approved", day(5))
    return world.next(office, action, "started", action.start_date)


def test_a_life_from_proposal_to_end_is_what_its_acts_make_of_it(world):
    from uitstroom.desk.acts import told_of
    from uitstroom.desk.life import lived

    action = running(world)
    action = world.next(0, action, "interrupted", day(30), end_reason="interrupted")
    action = world.next(0, action, "resumed", day(40), planned_end_date=day(120))
    action = world.next(0, action, "ended", day(110), end_reason="completed")
    with world.seen():
        life = lived(told_of(action.pk))
        stretches = [(one.days.lower, one.days.upper) for one in action.stretches.order_by("part")]
    assert (action.state, action.start_date, action.end_date, action.end_reason) == (
        "ended", day(10), day(110), "completed")  # fmt: skip
    assert (life.start, life.end, life.planned_end) == (day(10), day(110), day(120))
    assert stretches == [(day(10), day(31)), (day(40), day(111))]
    assert action.number.startswith(world.offices[0].code)


def test_numbers_of_an_office_have_no_gaps_and_a_refused_act_takes_none(world):
    from uitstroom.desk.acts import NotNowError

    first = registered(world, employer_id=None)
    with pytest.raises(NotNowError):
        world.next(0, first, "started", day(10))
    second = registered(world, employer_id=None)
    assert int(second.number.split("-")[1]) == int(first.number.split("-")[1]) + 1


@pytest.mark.parametrize(("who", "kind"), [("approver", "registered"), (0, "approved"), (0, "proposed")])
def test_a_role_does_only_its_own_acts(world, who, kind):
    from uitstroom.desk.acts import Deed, NotNowError

    action = registered(world) if kind == "approved" else None
    seen = action.sequence if action else 0
    with pytest.raises(NotNowError):
        world.do(who, Deed(kind, uuid4(), day(5), {"instrument": "ibo"}, seen), action)


def test_who_saw_an_older_version_is_told_so(world):
    from uitstroom.desk.acts import Deed, OvertakenError

    action = running(world)
    with pytest.raises(OvertakenError):
        world.do(0, Deed("ended", uuid4(), day(90), {"end_reason": "completed"}, seen=action.sequence - 1), action)


def test_no_two_actions_of_one_form_with_one_employer_overlap_in_any_office(world):
    from uitstroom.desk.acts import OverlapError

    running(world)
    other = registered(world, 1, start_date=day(50), planned_end_date=day(150))
    other = world.next("approver", other, "approved", day(40))
    with pytest.raises(OverlapError):
        world.next(1, other, "started", day(50))
    elsewhere = running(world, 1, employer_id=world.employers[1])
    assert elsewhere.state == "running"


def test_an_office_sees_its_own_actions_and_nobody_sees_any_without_saying_so(world):
    from uitstroom.desk.models import Act, Action, Stretch

    mine, other = running(world), running(world, 1, person_id=world.persons[1])
    with world.seen([world.offices[0].pk]):
        seen = set(Action.objects.values_list("pk", flat=True))
        acts = set(Act.objects.filter(subject="action").values_list("subject_id", flat=True))
        stretches = set(Stretch.objects.values_list("action_id", flat=True))
    for found in (seen, acts, stretches):
        assert mine.pk in found
        assert other.pk not in found
    assert not Action.objects.exists()
    assert not Act.objects.filter(subject="action").exists()


@pytest.mark.parametrize("statement", [
    "update desk_act set kind = 'ended'", "delete from desk_act", "truncate desk_act cascade",
    "update desk_reading set page = 'other'", "delete from desk_reading", "truncate desk_reading",
    "update desk_content set body = null", "delete from desk_content", "delete from desk_action",
    "drop table desk_act", "alter table desk_act disable trigger all", "delete from desk_person",
])  # fmt: skip
def test_the_application_cannot_change_what_was_done(world, addresses, statement):
    running(world)
    with psycopg.connect(addresses["application"]) as connection:
        connection.execute("select set_config('desk.offices', '*', false)")
        with pytest.raises((errors.InsufficientPrivilege, errors.RaiseException)):
            connection.execute(statement)


def test_even_the_owner_does_not_change_acts_by_mistake(world, addresses):
    running(world)
    with psycopg.connect(addresses["owner"]) as connection:
        connection.execute("select set_config('desk.offices', '*', false)")
        with pytest.raises(errors.RaiseException):
            connection.execute("update desk_act set kind = 'ended'")


TAMPERING = {
    "act": "update desk_act set facts = replace(facts, 'comp', 'Comp') where kind = 'ended' and subject_id = {0}",
    "hash": "update desk_act set hash = hash || '\\x00' where kind = 'ended' and subject_id = {0}",
    "day": "update desk_act set on_day = on_day + 1 where kind = 'ended' and subject_id = {0}",
    "gone": "delete from desk_act where kind = 'ended' and subject_id = {0}",
    "content": "update desk_content set body = body || ' ' where id = (select content_id from desk_act "
    "where kind = 'registered' and subject_id = {0})",
    "erased": "update desk_content set body = null where id = (select content_id from desk_act "
    "where kind = 'registered' and subject_id = {0})",
    "action": "update desk_action set end_date = end_date + 1 where id = {0}",
    "stretch": "update desk_stretch set employer_id = null where action_id = {0}",
}


@contextmanager
def tampered(superuser, statement):
    """The database as somebody with every right left it; put back afterwards."""
    tables = ("desk_act", "desk_content", "desk_action", "desk_stretch")
    superuser.execute("set session_replication_role = replica")
    for table in tables:
        superuser.execute(f"create temp table kept_{table} as select * from {table}")
    superuser.execute(statement)
    try:
        yield
    finally:
        for table in tables:
            superuser.execute(f"delete from {table}")
            superuser.execute(f"insert into {table} select * from kept_{table}")
            superuser.execute(f"drop table kept_{table}")


@pytest.mark.parametrize("place", TAMPERING)
def test_one_byte_changed_by_a_superuser_is_found_and_named(world, superuser, place):
    from uitstroom.desk.proof import faults

    action = world.next(0, running(world), "ended", day(90), end_reason="completed")
    with world.seen():
        assert list(faults()) == []
    with tampered(superuser, TAMPERING[place].format(action.pk)), world.seen():
        found = list(faults())
    named = {(fault.table, fault.row) for fault in found}
    table = {"hash": "act", "day": "act", "gone": "action", "erased": "content"}.get(place, place)
    assert table in {table for table, _ in named}, found
    if table in ("action", "stretch"):
        assert (table, action.number) in named


def test_a_submit_counts_once_however_often_it_is_sent(world):
    from uitstroom.desk.acts import Deed
    from uitstroom.desk.models import Act, Action

    deed = Deed("registered", uuid4(), values={"instrument": "bvs", "person_id": world.persons[0],
                                               "start_date": day(1)})  # fmt: skip
    made = together(lambda: world.do(0, deed).pk, 8, times=3)
    assert len(set(made)) == 1
    with world.seen():
        assert Act.objects.filter(key=deed.key).count() == 1
        assert Action.objects.filter(pk=made[0]).count() == 1


def together(work, workers, times=1):
    """What each of some workers gets of doing it at once."""
    found, failed = [], []

    def run():
        from django.db import connection

        try:
            found.extend(work() for _ in range(times))
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    return found


def test_many_at_once_lose_nothing_and_leave_no_gap(world):
    """Workers do random acts on a few actions; who is overtaken looks again."""
    from uitstroom.desk.models import Act
    from uitstroom.desk.proof import faults

    actions = [running(world, person_id=world.person(), employer_id=None).pk for _ in range(5)]
    seeds = iter(range(1000))
    done = together(lambda: sum(world.at_random(random.Random(next(seeds)), actions) for _ in range(25)), 8)
    with world.seen():
        assert list(faults()) == []
        for action in actions:
            sequences = Act.objects.filter(subject="action", subject_id=action).order_by("sequence")
            numbers = [one.sequence for one in sequences]
            assert numbers == list(range(1, len(numbers) + 1))
        written = Act.objects.filter(subject="action", subject_id__in=actions).count()
    assert written == 3 * len(actions) + sum(done)
    assert sum(done) > 50
