"""The moment from which a release is public: local time of a service, or with an offset; kept in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from uitstroom.errors import UsageError

_TODO = "write 2017-11-23T10:00, local time of the service, or 2017-11-23T10:00+01:00"


def moment(text: str, time_zone: str) -> datetime:
    """The instant of a text, to the second.

    Raises `UsageError` for what is no time, and for a local time that does not exist or occurs twice, where clocks
    change.
    """
    try:
        given = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        raise UsageError("this is not a moment", where=f"--at {text!r}", todo=_TODO) from None
    if given.tzinfo is not None:
        return given.astimezone(UTC)
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(
            f"the time zone {time_zone!r} is not known here", where="service.toml, time_zone",
            todo="write a name such as Europe/Brussels, and install the package tzdata where the machine has none",
        ) from None  # fmt: skip
    first, second = (given.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    exists = first.astimezone(zone).replace(tzinfo=None) == given
    what = "occurs twice" if exists else "does not exist"
    raise UsageError(
        f"this local time {what}: clocks in {time_zone} change then", where=f"--at {text!r}",
        todo=f"give the offset: {text}{first.astimezone(zone).isoformat()[-6:]}"
        + (f" or {text}{second.astimezone(zone).isoformat()[-6:]}" if exists else ""),
    )  # fmt: skip
