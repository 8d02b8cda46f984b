"""The register desk under load: `python -m bench.desk [--actions N] [--json]`, on a PostgreSQL of its own.

Search and save are timed through whole pages (request to answer, in this process); many at once do acts from processes
of their own, some of which are killed; afterwards the register is proved whole.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from uitstroom.desk.commands import start
from uitstroom.desk.database import as_role
from uitstroom.desk.embedded import embedded

APPLICATION = "uitstroom_desk"
PASSWORD = "geheim van de meting"  # noqa: S105 - of invented people


def main(words: list[str] | None = None) -> None:
    """Fill a desk, ask it, and tell what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--actions", type=int, default=20_000, help="actions that the desk holds")
    parser.add_argument("--asked", type=int, default=100, help="how often each page is asked")
    parser.add_argument("--workers", type=int, default=8, help="processes that act at once")
    parser.add_argument("--acts", type=int, default=100, help="acts that each of them does")
    parser.add_argument("--doubles", type=int, default=500, help="double submits")
    parser.add_argument("--kills", type=int, default=10, help="processes killed in the middle of their acts")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as folder, embedded(Path(folder) / "postgresql") as owner:
        start(owner, tls="no", day="2017-06-15", secret="of the measurement", hosts="testserver")  # noqa: S106
        for one in _measured(owner, asked):
            _tell({"actions": asked.actions, **one}, as_json=asked.json)


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    said = json.dumps(found) if as_json else "  ".join(f"{name} {value}" for name, value in found.items())
    sys.stdout.write(said + "\n")
    sys.stdout.flush()


def _measured(owner: str, asked: argparse.Namespace) -> Any:
    from django.core.management import call_command
    from django.db import connections

    from uitstroom.desk.boundary import today
    from uitstroom.desk.database import create_role, grant
    from uitstroom.desk.invention import invent
    from uitstroom.desk.models import Act
    from uitstroom.desk.register import register
    from uitstroom.desk.settings import database

    call_command("migrate", verbosity=0, interactive=False)
    create_role(APPLICATION)
    grant(APPLICATION)
    began = time.perf_counter()
    made = invent(register(), today(), PASSWORD, asked.actions)
    took = time.perf_counter() - began
    acts = Act.objects.count()
    yield {"task": "fill by acts", "made": made.actions, "acts": acts, "seconds": round(took, 1),
           "acts_per_second": round(acts / took)}  # fmt: skip
    connections.close_all()
    application = as_role(owner, APPLICATION)
    connections["default"].settings_dict.update(database(application))
    yield from _pages(asked.asked)
    yield _doubles(asked.doubles)
    connections.close_all()
    yield _at_once(application, asked)
    connections["default"].settings_dict.update(database(owner))
    yield _proved()


def _pages(times: int) -> Any:
    """Whole pages: search by number and by name, an action, a person, and a new action saved."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from uitstroom.desk.models import Account, Action, Person

    client = Client()
    account = Account.objects.get(username="bemiddelaar")
    client.force_login(account, backend="uitstroom.desk.entrance.ByName")
    chance = random.Random(1)  # noqa: S311
    people = list(Person.objects.values_list("pk", "held_number")[:5000])
    numbers = _own(lambda: list(Action.objects.values_list("number", flat=True)[:5000]), account.office_id)
    tasks: dict[str, Callable[[], Any]] = {
        "find a person": lambda: client.get("/zoeken/", {"q": chance.choice(people)[1]}),
        "find an action": lambda: client.get("/zoeken/", {"q": chance.choice(numbers)}),
        "find an employer": lambda: client.get("/zoeken/", {"q": "bakkerij"}),
        "work list": lambda: client.get("/"),
        "person": lambda: client.get(f"/personen/{chance.choice(people)[0]}/"),
        "action": lambda: client.get(f"/acties/{chance.choice(numbers)}/"),
        "save a new action": lambda: _save(client, account.pk, chance.choice(people)[0]),
    }
    for name, task in tasks.items():
        task()
        taken = sorted(_timed(task) for _ in range(times))
        with CaptureQueriesContext(connection) as statements:
            task()
        yield {"task": name, "median_ms": round(statistics.median(taken), 1),
               "p95_ms": round(taken[int(len(taken) * 0.95) - 1], 1), "statements": len(statements)}  # fmt: skip


def _own(ask: Callable[[], Any], office: int | None) -> Any:
    from django.db import transaction

    from uitstroom.desk.database import offices_seen

    with transaction.atomic():
        offices_seen([office] if office else "*")
        return ask()


def _timed(task: Callable[[], Any]) -> float:
    began = time.perf_counter()
    answer = task()
    if answer.status_code >= 400:
        raise SystemExit(f"a page answered {answer.status_code}")
    return 1000 * (time.perf_counter() - began)


def _save(client: Any, account: int, person: int, key: str | None = None) -> Any:
    from uitstroom.desk.entrance import new_key

    said = {"key": key or new_key(account), "seen": "0", "person": person, "start_date": "2017-06-20",
            "planned_end_date": "2017-07-10", "confirm": ["possible_duplicate", "outside_versions"],
            "confirmed_reason": "meting"}  # fmt: skip
    return client.post(f"/acties/nieuw/bvs/?person={person}", said)


def _doubles(count: int) -> dict[str, Any]:
    """The same form sent twice, each time: how many acts that made."""
    from django.test import Client

    from uitstroom.desk.entrance import new_key
    from uitstroom.desk.models import Account, Person

    account = Account.objects.get(username="bemiddelaar")
    client = Client()
    client.force_login(account, backend="uitstroom.desk.entrance.ByName")
    people = list(Person.objects.values_list("pk", flat=True)[:2000])
    made = set()
    for place in range(count):
        key = new_key(account.pk)
        made |= {_save(client, account.pk, people[place % len(people)], key)["Location"] for _ in range(2)}
    return {"task": "double submits", "sent": 2 * count, "made": len(made)}


def _at_once(address: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Processes that interrupt and resume the same actions; some are killed, and replaced."""
    spawn = multiprocessing.get_context("spawn")
    done = spawn.Value("i", 0)
    chance = random.Random(2)  # noqa: S311
    workers = [_worker(spawn, address, asked.acts, seed, done) for seed in range(asked.workers)]
    began = time.perf_counter()
    for kill in range(asked.kills):
        time.sleep(chance.uniform(2.0, 4.0) if kill == 0 else chance.uniform(0.1, 0.8))
        place = chance.randrange(len(workers))
        workers[place].kill()
        workers[place].join()
        workers[place] = _worker(spawn, address, asked.acts, 1000 + kill, done)
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    return {"task": "acts at once", "workers": asked.workers, "killed": asked.kills, "acts": done.value,
            "seconds": round(took, 1)}  # fmt: skip


def _worker(spawn: Any, address: str, acts: int, seed: int, done: Any) -> Any:
    process = spawn.Process(target=_act, args=(address, acts, seed, done, dict(os.environ)))
    process.start()
    return process


def _act(address: str, acts: int, seed: int, done: Any, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    start(address)
    from uitstroom.desk.acts import Actor, Deed, NotNowError, OverlapError, OvertakenError, perform, told_of
    from uitstroom.desk.boundary import today
    from uitstroom.desk.life import lived
    from uitstroom.desk.models import Account, Action
    from uitstroom.desk.register import register

    account = Account.objects.get(username="bemiddelaar")
    actor, chance = Actor(account.pk, account.role, account.office_id, today()), random.Random(seed)  # noqa: S311
    some = _own(lambda: list(Action.objects.filter(state__in=("running", "interrupted"))[:100]), account.office_id)

    def one() -> None:
        action = chance.choice(some).pk
        life = lived(told_of(action))
        corrected = Deed("corrected", uuid4(), None, {"education": chance.choice(("low", "high"))}, life.sequence)
        perform(register(), actor, corrected, action)

    for _ in range(acts):
        try:
            _own(one, account.office_id)
        except (OvertakenError, NotNowError, OverlapError):
            continue
        with done.get_lock():
            done.value += 1


def _proved() -> dict[str, Any]:
    from uitstroom.desk.database import whole
    from uitstroom.desk.proof import faults, head

    began = time.perf_counter()
    with whole():
        found, last = list(faults()), head()
    if found:
        raise SystemExit("\n".join(map(str, found)))
    return {"task": "verify", "acts": last.position if last else 0, "faults": 0,
            "seconds": round(time.perf_counter() - began, 1)}  # fmt: skip


if __name__ == "__main__":
    main()
