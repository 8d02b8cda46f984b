"""Who may ask for which page: the one table that the boundary keeps and that the tests hold against every page."""

from __future__ import annotations

from dataclasses import dataclass

READ = frozenset({"GET", "HEAD"})
AT_WORK = frozenset({"mediator", "approver", "partner"})
EVERYBODY = frozenset({"mediator", "approver", "partner", "statistician", "auditor", "administrator"})


@dataclass(frozen=True)
class Rights:
    """The roles that may read a page, and those that may send its form; `open`: before any sign-in."""

    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    open: bool = False

    def allow(self, role: str, method: str) -> bool:
        return role in (self.read if method in READ else self.write if method == "POST" else frozenset())


PAGES: dict[str, Rights] = {
    "sign_in": Rights(open=True),
    "sign_out": Rights(open=True),
    "language": Rights(open=True),
    "healthy": Rights(open=True),
    "work": Rights(EVERYBODY),
    "find": Rights(AT_WORK),
    "person": Rights(AT_WORK),
    "person_new": Rights(frozenset({"mediator", "partner"}), frozenset({"mediator", "partner"})),
    "employer": Rights(AT_WORK),
    "office": Rights(frozenset({"mediator", "approver"})),
    "action": Rights(AT_WORK),
    "action_forms": Rights(frozenset({"mediator", "partner"})),
    "action_new": Rights(frozenset({"mediator", "partner"}), frozenset({"mediator", "partner"})),
    "act": Rights(AT_WORK, AT_WORK),
    "deliveries": Rights(frozenset({"statistician"}), frozenset({"statistician"})),
    "log": Rights(frozenset({"auditor"}), frozenset({"auditor"})),
    "access": Rights(frozenset({"auditor"})),
    "access_of": Rights(frozenset({"auditor"})),
    "accounts": Rights(frozenset({"administrator"})),
    "account_new": Rights(frozenset({"administrator"}), frozenset({"administrator"})),
    "account": Rights(frozenset({"administrator"}), frozenset({"administrator"})),
}


NOBODY = Rights()


def rights_of(name: str) -> Rights:
    """The rights of a page; what stands in no row is nobody's."""
    return PAGES.get(name, NOBODY)
