"""What must be erased is gone, and the chain still proves what was done."""

from __future__ import annotations

import datetime
from uuid import uuid4

import pytest

from tests.desk.conftest import uitstroom

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("django")]
DAY = datetime.timedelta(days=1)


def course(house, person, start, end=None):
    from uitstroom.desk.acts import Deed

    said = {"instrument": "bvs", "person_id": person, "start_date": start, "education": "low",
            "remark": "belt op maandag"}  # fmt: skip
    action = house.do(0, Deed("registered", uuid4(), values=said))
    action = house.next(0, action, "started", start)
    return house.next(0, action, "ended", end, end_reason="completed") if end else action


def test_who_is_long_closed_is_erased_and_everything_still_proves(django, addresses, superuser):
    from tests.desk.worlds import World
    from uitstroom.desk.models import Action, Person
    from uitstroom.desk.proof import faults

    house = World.made()
    gone, kept = house.persons
    old = course(house, gone, datetime.date(2015, 3, 1), datetime.date(2015, 3, 28))
    course(house, kept, datetime.date(2015, 3, 1), datetime.date(2015, 3, 28))
    course(house, kept, datetime.date(2017, 5, 1))
    uitstroom("desk", "prune", "--database", addresses["owner"], "--closed-before", "2016-01-01")
    with house.seen():
        assert list(faults()) == []
        assert Person.objects.get(pk=gone).held_number is None
        assert Person.objects.get(pk=kept).held_number is not None
        left = Action.objects.get(pk=old.pk)
        assert (left.person_id, left.start_date, left.end_reason) == (None, datetime.date(2015, 3, 1), "completed")
    bodies = superuser.execute("select body from desk_content where id in (select content_id from desk_act where "
                               "subject = 'action' and subject_id = %s)", [old.pk]).fetchall()  # fmt: skip
    assert bodies
    assert {row[0] for row in bodies} == {None}
