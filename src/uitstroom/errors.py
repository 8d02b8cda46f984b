"""What goes wrong for a user, said so that the user can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (file, key, line), what, and what to do about it.

    Neither part ever holds a value that could be personal data.
    """

    what: str
    where: str | None = None
    todo: str | None = None

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  → {self.todo}" if self.todo else ""
        return f"{place}{self.what}{advice}"


class UitstroomError(Exception):
    """A refusal with nothing changed; the command line prints it and ends with `exit_code`.

    It carries every problem found, so that all can be mended at once.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, todo: str | None = None) -> None:
        self.problems: tuple[Problem, ...] = (Problem(what, where, todo),)
        super().__init__(what)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> UitstroomError:
        """One error that reports all `problems` (at least one)."""
        error = cls(problems[0].what)
        error.problems = tuple(problems)
        return error

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class UsageError(UitstroomError):
    """The question itself cannot be put: an unknown code, period or option."""

    exit_code = 2
