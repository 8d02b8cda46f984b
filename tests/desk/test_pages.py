"""Pages of the desk: who may ask for them, what a form keeps, and what is remembered."""

from __future__ import annotations

import datetime
import re
from uuid import uuid4

import pytest

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("django")]
ROLES = ("mediator", "approver", "partner", "statistician", "auditor", "administrator")
DAY = datetime.timedelta(days=1)


def day(number):
    return datetime.date(2017, 1, 1) + number * DAY


@pytest.fixture
def house(django):
    """A world with an account of each role in the first office, and a mediator in the second."""
    from tests.desk.worlds import World

    world = World.made()
    world.accounts = world.accounts_of_roles()
    return world


def registered(world, office=0, **values):
    from uitstroom.desk.acts import Deed

    said = {"instrument": "ibo", "person_id": world.persons[0], "employer_id": world.employers[0],
            "start_date": day(10), "planned_end_date": day(100), **values}  # fmt: skip
    return world.do(office, Deed("registered", uuid4(), values=said))


def client(account):
    from django.test import Client

    found = Client(raise_request_exception=False)
    if account:
        found.force_login(account, backend="uitstroom.desk.entrance.ByName")
    return found


def field(html, name):
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def form_of(browser, address):
    html = browser.get(address).content.decode()
    return {name: field(html, name) for name in ("key", "seen", "person") if f'name="{name}"' in html}


NEW_BVS = {"start_date": "2017-05-01", "planned_end_date": "2017-05-20", "sex": "F"}


def acts():
    from uitstroom.desk.models import Act

    return Act.objects.count()


def test_what_each_role_of_each_office_may_do_is_what_is_declared(house):
    """Every page × method × role × office: let in exactly as declared, one act for a write, one reading per person."""
    from uitstroom.desk.models import Reading
    from uitstroom.desk.rights import PAGES
    from uitstroom.desk.routes import urlpatterns

    assert {one.name for one in urlpatterns} == set(PAGES)
    action = registered(house)
    for role in (*ROLES, "other office", None):
        browser = client(house.accounts.get(role))
        for name, rights in PAGES.items():
            for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
                if rights.open:
                    continue
                before = Reading.objects.count()
                answer = browser.generic(method, house.address(name, action))
                allowed = rights.allow("mediator" if role == "other office" else role or "", method)
                hidden = role == "other office" and name in ("action", "act") and allowed
                said = (role, name, method, answer.status_code)
                if role is None:
                    assert answer.status_code in (302, 401), said
                elif hidden:
                    assert answer.status_code == 404, said
                elif not allowed:
                    assert answer.status_code == 403, said
                else:
                    assert answer.status_code < 500, said
                    assert answer.status_code != 403 or name == "act", said
                written = Reading.objects.filter(pk__gt=0).count() - before
                shown = house.number_of(house.persons[0]) in answer.content.decode()
                assert written == (1 if shown else 0) or (written and name in ("work", "employer")), said


def test_a_person_on_a_list_is_remembered_as_seen(house):
    from uitstroom.desk.models import Reading

    action = registered(house, start_date=day(160), instrument="bvs")
    browser = client(house.accounts["mediator"])
    before = Reading.objects.count()
    assert action.number in browser.get("/").content.decode()
    new = list(Reading.objects.order_by("pk")[before:])
    assert [(one.page, one.person_id, one.account_id) for one in new] == [
        ("work", house.persons[0], house.accounts["mediator"].pk)]  # fmt: skip


def test_a_form_that_is_sent_three_times_counts_once(house):
    browser = client(house.accounts["mediator"])
    address = f"/acties/nieuw/bvs/?person={house.persons[0]}"
    said = {**form_of(browser, address), **NEW_BVS}
    before = acts()
    answers = [browser.post(address, said) for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert acts() == before
    with house.seen():
        assert acts() == 1 + before + sum_of_actions(house)


def sum_of_actions(house):
    from uitstroom.desk.models import Act

    return Act.objects.filter(subject="action").count() - 1


def test_every_error_of_a_form_is_told_at_once_and_what_was_typed_stays(house):
    browser = client(house.accounts["mediator"])
    address = f"/acties/nieuw/iss/?person={house.persons[0]}"
    said = {**form_of(browser, address), "start_date": "2017-02-30", "planned_end_date": "soon", "employer": "12",
            "education": "nonsense", "trajectory_id": "x" * 200, "full_time": "no"}  # fmt: skip
    answer = browser.post(address, said)
    html = answer.content.decode()
    assert answer.status_code == 422
    for name in ("start_date", "planned_end_date", "employer", "education", "trajectory_id"):
        assert f'href="#id_{name}"' in html, name
        assert f'id="id_{name}_error"' in html, name
    assert 'value="soon"' in html
    assert 'value="2017-02-30"' in html


def test_a_warning_is_confirmed_with_a_reason_that_is_kept(house):
    browser = client(house.accounts["mediator"])
    address = f"/acties/nieuw/iss/?person={house.persons[0]}"
    said = {**form_of(browser, address), "start_date": "2017-05-01", "planned_end_date": "2017-07-31",
            "education": "high", "full_time": "no", "bit_started_on": "2017-04-01"}  # fmt: skip
    html = browser.post(address, said).content.decode()
    rules = set(re.findall(r'name="confirm" value="([^"]+)"', html))
    assert rules == {"iss-low-skilled", "iss-full-time", "iss-start-window"}
    assert "bron:" in html
    refused = browser.post(address, {**said, "confirm": sorted(rules)})
    assert refused.status_code == 422
    assert "Zeg waarom u toch bewaart." in refused.content.decode()
    done = browser.post(address, {**said, "confirm": sorted(rules), "confirmed_reason": "afspraak met de RVA"})
    shown = browser.get(done["Location"]).content.decode()
    assert "afspraak met de RVA" in shown
    assert "een instapstage is voltijds" in shown


def test_two_mediators_on_one_action_see_both_versions_and_merge(house):
    """What only one of them changed is kept; where both did, both are shown and one of the two is chosen."""
    action = registered(house, instrument="bvs", education="low", municipality="44021")
    browser = client(house.accounts["mediator"])
    address = f"/acties/{action.number}/corrected/"
    first, second = form_of(browser, address), form_of(browser, address)
    stood = {"start_date": "2017-01-11", "planned_end_date": "2017-04-11", "education": "low", "municipality": "44021",
             "employer": house.employer_number(0), "reason": "typefout"}  # fmt: skip
    confirm = {"confirm": ["bvs-maximum", "bvs-thirty-days"], "confirmed_reason": "zo afgesproken"}
    confirm["confirm"] = house.rules_of("bvs")
    one = browser.post(address, {**first, **stood, **confirm, "education": "medium", "municipality": "11002"})
    assert one.status_code == 302
    mine = {**second, **stood, **confirm, "education": "high", "trajectory_id": "T1"}
    two = browser.post(address, mine)
    html = two.content.decode()
    assert two.status_code == 409
    assert 'name="theirs" value="education"' in html
    assert 'name="theirs" value="municipality"' not in html
    assert 'value="11002"' in html
    again = {**mine, "municipality": "11002", "seen": field(html, "seen"), "key": field(html, "key")}
    assert browser.post(address, again).status_code == 302
    shown = browser.get(f"/acties/{action.number}/").content.decode()
    for text in ("hooggeschoold", "11002", "T1"):
        assert text in shown


def test_what_somebody_else_made_impossible_is_said_and_nothing_typed_is_lost(house):
    action = registered(house, instrument="bvs")
    browser = client(house.accounts["mediator"])
    address = f"/acties/{action.number}/cancelled/"
    first, second = form_of(browser, address), form_of(browser, address)
    assert browser.post(address, {**first, "reason": "ziek"}).status_code == 302
    late = browser.post(address, {**second, "reason": "dubbel"})
    assert late.status_code == 409
    assert "dubbel" in late.content.decode()


def test_a_sign_in_that_expires_while_a_form_is_open_loses_nothing(house):
    account = house.accounts["mediator"]
    browser = client(account)
    address = f"/acties/nieuw/bvs/?person={house.persons[0]}"
    said = {**form_of(browser, address), **NEW_BVS, "remark": "Belt terug op é"}
    browser.logout()
    asked = browser.post(address, said)
    assert asked.status_code == 401
    kept = field(asked.content.decode(), "kept")
    signed_in = browser.post(
        "/aanmelden/", {"username": account.username, "password": "geheim van de test", "kept": kept}
    )
    html = signed_in.content.decode()
    assert 'name="remark" value="Belt terug op é"' in html
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    made = browser.post(address, {name: again[name] for name in said})
    assert made.status_code == 302
    assert "Belt terug op é" in browser.get(made["Location"]).content.decode()


def test_a_kept_form_is_not_given_to_somebody_else(house):
    browser = client(house.accounts["mediator"])
    address = f"/acties/nieuw/bvs/?person={house.persons[0]}"
    said = {**form_of(browser, address), **NEW_BVS}
    browser.logout()
    kept = field(browser.post(address, said).content.decode(), "kept")
    other = house.accounts["other office"]
    answer = browser.post("/aanmelden/", {"username": other.username, "password": "geheim van de test", "kept": kept})
    assert answer.status_code == 302


BAD = ["", "x", "\x00", "9" * 30, "-1", "1e9", "'; drop table desk_act; --", "<script>", "𝕏" * 40, "0000-00-00",
       "99999-01-01", "../../etc"]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_bad_input_is_never_a_failure(house, text):
    action = registered(house)
    browser = client(house.accounts["mediator"])
    for address in (f"/acties/nieuw/ibo/?person={house.persons[0]}", f"/acties/{action.number}/corrected/",
                    f"/acties/{action.number}/cancelled/", "/personen/nieuw/"):  # fmt: skip
        good = form_of(browser, address)
        names = re.findall(r'name="(\w+)"', browser.get(address).content.decode())
        bad = dict.fromkeys(names, text)
        for said in (bad, {**bad, **good}, {**good, "confirm": text, "theirs": names}):
            assert browser.post(address, said).status_code < 500, (address, said)
    for address in (f"/zoeken/?q={text}", f"/acties/nieuw/?person={text}", f"/personen/nieuw/?number={text}"):
        assert browser.get(address).status_code < 500
    assert browser.post("/taal/", {"back": text, "language": text}).status_code == 302


def test_a_database_that_is_away_is_said_and_the_form_can_be_sent_again(house, monkeypatch):
    from django.db import OperationalError

    from uitstroom.desk import submission

    browser = client(house.accounts["mediator"])
    address = f"/acties/nieuw/bvs/?person={house.persons[0]}"
    said = {**form_of(browser, address), **NEW_BVS}

    def away(*_):
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patch:
        patch.setattr(submission, "perform", away)
        answer = browser.post(address, said)
    html = answer.content.decode()
    assert answer.status_code == 503
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert {name: again[name] for name in said} == said
    assert browser.post(address, said).status_code == 302


@pytest.mark.parametrize("instrument", ["ibo", "iss", "wes", "bio", "bvs", "activeringsstage", "opleidingsstage"])
def test_a_form_asks_only_what_its_version_records(house, instrument):
    from uitstroom.desk.register import register

    browser = client(house.accounts["mediator"])
    html = browser.get(f"/acties/nieuw/{instrument}/?person={house.persons[0]}").content.decode()
    version = register().catalogue.instrument(instrument).nearest_version(datetime.date(2017, 6, 15))
    asked = set(re.findall(r'id="id_(\w+)"', html))
    for column in ("start_date", "planned_end_date", "trajectory_id", "frame", "planned_days"):
        assert (column in asked) == (column in version.records), column
    assert ("employer" in asked) == ("employer_id" in version.records)
    assert ("education" in asked) == version.characteristics


def test_a_page_takes_few_statements(house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for place in range(12):
        registered(house, person_id=house.person(), employer_id=house.employer(), start_date=day(150 + place))
    action = registered(house)
    browser = client(house.accounts["mediator"])
    for address in ("/", f"/acties/{action.number}/", f"/personen/{house.persons[0]}/", "/zoeken/?q=bedr",
                    f"/zoeken/?q={action.number}",
                    f"/acties/{action.number}/corrected/"):  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(address).status_code == 200
        assert len(asked) <= 14, (address, [one["sql"][:90] for one in asked])
