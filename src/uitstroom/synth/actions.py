"""The actions of a register that does not exist, as they went; what each delivery tells of them is in `views`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from uitstroom.catalogue import Catalogue
from uitstroom.synth.chance import Chance, allotted, between, chosen, marked, stream
from uitstroom.synth.days import NO_DAY, Marks, Numbers, number
from uitstroom.synth.drafts import Draft, Strand
from uitstroom.synth.profile import NO_FRAME, Form, Profile, period_of

TIMELY, LATE, UNDONE = 0, 1, 2
"""The fates of a unit: known to the first delivery, only to the second, or registered but never happened."""


@dataclass(frozen=True)
class Units:
    """One row per trajectory, or per action of its own: its form, its fate, the place of its people's mix, and its
    first and last day."""

    form: Numbers
    fate: Numbers
    mix: Numbers
    first: Numbers
    last: Numbers


@dataclass(frozen=True)
class Actions:
    """One row per registered action, those of a unit together and in order; codes are places in `Words`.

    `registered_on` and `end_known_on` are the days from which a delivery can tell the row and its end;
    `corrected_start`, `deleted` and `annulled` are told by the second delivery only.
    """

    unit: Numbers
    instrument: Numbers
    variant: Numbers
    frame: Numbers
    start: Numbers
    planned: Numbers
    end: Numbers
    reason: Numbers
    resumes: Marks
    employer: Numbers
    linked: Marks
    registered_on: Numbers
    end_known_on: Numbers
    corrected_start: Numbers
    deleted: Marks
    annulled: Marks

    def take(self, rows: Numbers | Marks) -> Actions:
        return Actions(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True)
class Words:
    """The codes that arrays refer to by place; place 0 is empty."""

    instruments: tuple[str, ...]
    variants: tuple[str, ...]
    frames: tuple[str, ...]
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile, catalogue: Catalogue) -> Words:
        variants = [code for form in profile.forms for code in form.variants]
        codes = [form.instrument for form in profile.forms] + [profile.training.instrument]
        return cls(("", *codes), ("", *variants), ("", *catalogue.frames), ("", *catalogue.end_reasons))

    def reason(self, code: str) -> int:
        return self.reasons.index(code)


def make(profile: Profile, words: Words, seed: int, scale: float) -> tuple[Units, Actions]:
    """Every action of a profile at a scale, and the units that they are parts of."""
    blocks, of_units, before = [], [], 0
    for place, form in enumerate(profile.forms):
        for block, of_block, mix in _Flattening(profile, form, words, seed).blocks(scale):
            blocks.append({**block, "unit": block["unit"] + before})
            count = int(block["unit"].max(initial=-1)) + 1
            before += count
            of_units.append(np.tile([place, of_block, list(profile.mixes).index(mix)], (count, 1)))
    rows = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    order = np.lexsort((rows["slot"], rows["unit"]))
    drawn = {name: column[order] for name, column in rows.items() if name != "slot"}
    forms, fate, mixes = np.concatenate(of_units).T
    actions = _known(drawn, fate, profile, stream(seed, "registration"))
    ends = [np.full(before, NO_DAY), np.full(before, 1 << 20)]
    np.maximum.at(ends[0], actions.unit, np.maximum(actions.end, actions.start))
    np.minimum.at(ends[1], actions.unit, actions.start)
    return Units(forms, fate, mixes, ends[1], ends[0]), actions


@dataclass(frozen=True)
class _Flattening:
    """Draws the units of one form and lays their parts out as rows."""

    profile: Profile
    form: Form
    words: Words
    seed: int

    def blocks(self, scale: float) -> Iterator[tuple[dict[str, Numbers], int, str]]:
        """Rows by column, with units numbered from 0, their fate, and the mix of their people."""
        shares = {"": 1 - sum(self.form.variants.values()), **self.form.variants}
        counts = [allotted(round(one.entrants * scale), list(shares.values())) for one in self.form.cohorts]
        ended = [allotted(round((one.ended.count if one.ended else 0) * scale), list(shares.values()))
                 for one in self.form.cohorts]  # fmt: skip
        for place, variant in enumerate(shares):
            chance = stream(self.seed, self.form.instrument, variant)
            strand = Strand(self.form, variant, self.profile)
            mix = self.form.variant_mixes.get(variant, self.form.mix)
            entrants, ends = ([of_cohort[place] for of_cohort in table] for table in (counts, ended))
            for draft in strand.cohorts(entrants, ends, chance):
                yield self._rows(draft, variant, chance), TIMELY, mix
            for block, fate in self._others(strand, entrants, scale * shares[variant], chance):
                yield block, fate, mix

    def _others(
        self, strand: Strand, counts: Sequence[int], scale: float, chance: Chance
    ) -> Iterator[tuple[dict[str, Numbers], int]]:
        for cohort, count in zip(self.form.cohorts, counts, strict=True):
            period = period_of(cohort.period)
            late = strand.draw(period, round(cohort.late * scale), chance)
            yield self._rows(late, strand.variant, chance), LATE
            for ending in self.form.undone:
                draft = strand.draw(period, round(count * ending.share), chance)
                yield self._rows(draft, strand.variant, chance, ending.reason), UNDONE

    def _rows(self, draft: Draft, variant: str, chance: Chance, undone: str | None = None) -> dict[str, Numbers]:
        count, most = draft.start.shape
        units = np.arange(count)
        frames = ["" if code == NO_FRAME else code for code in self.form.frames] or [""]
        frame = np.array([self.words.frames.index(code) for code in frames])[
            chosen(chance, count, list(self.form.frames.values()) or [1])
        ]
        parts = [self._training(draft.training_before, units, 0, chance)]
        for place in range(most):
            there = units[draft.placements > place]
            parts += self._placement(draft.take(there), there, place, chance, undone)
        parts.append(self._training(draft.training_after, units, 2 * most + 1, chance))
        rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return {
            **rows,
            "frame": frame[rows["unit"]],
            "variant": np.where(rows["placement"], self.words.variants.index(variant), 0),
        }

    def _placement(
        self, draft: Draft, units: Numbers, place: int, chance: Chance, undone: str | None
    ) -> list[dict[str, Numbers]]:
        """The rows of the placements at one place: those up to a pause or the end, and those after a pause."""
        start, planned, end, pause, resume = (
            getattr(draft, name)[:, place] for name in ("start", "planned", "end", "pause", "resume")
        )
        reasons = np.array([self.words.reason(one.reason) for one in self.form.endings])
        reason = reasons[draft.ending[:, place]]
        employer = np.floor(self.profile.employers * chance.random(len(units)) ** 2).astype(np.int64)
        if undone:
            never = _part(units, 2 * place + 1, start, planned, end, reason, employer)
            return [self._undone(never, undone, chance)]
        paused = pause != NO_DAY
        first_end = np.where(paused, pause, end)
        interrupted = self.words.reason(self.profile.faults.interrupted_reason)
        first_reason = np.where(paused, interrupted, reason)
        first = _part(units, 2 * place + 1, start, planned, first_end, first_reason, employer)
        second = _part(units, 2 * place + 2, resume, planned, end, reason, employer)
        resumed = {name: column[paused] for name, column in second.items()}
        return [self._named(first), self._named(resumed, resumes=True)]

    def _undone(self, part: dict[str, Numbers], reason: str, chance: Chance) -> dict[str, Numbers]:
        """Actions that never happened: they end before they start, or have no end."""
        start, count = part["start"], len(part["start"])
        end = np.where(chance.random(count) < 0.5, start - between(chance, 1, 10, count), NO_DAY)
        return self._named({**part, "end": end, "reason": np.full(count, self.words.reason(reason))})

    def _training(self, days: Numbers, units: Numbers, slot: int, chance: Chance) -> dict[str, Numbers]:
        there = days[:, 0] != NO_DAY
        endings = self.profile.training.endings
        reason = np.array([self.words.reason(one.reason) for one in endings])[
            chosen(chance, int(there.sum()), [one.share for one in endings])
        ]
        start, end = days[there, 0], days[there, 1]
        part = _part(units[there], slot, start, end, end, reason, np.full(len(start), -1))
        return self._named(part, training=True)

    def _named(self, part: dict[str, Numbers], resumes: bool = False, training: bool = False) -> dict[str, Numbers]:
        code = self.profile.training.instrument if training else self.form.instrument
        count = len(part["unit"])
        return {
            **part,
            "instrument": np.full(count, self.words.instruments.index(code)),
            "resumes": np.full(count, resumes),
            "placement": np.full(count, not training),
        }


def _part(
    unit: Numbers, slot: int, start: Numbers, planned: Numbers, end: Numbers, reason: Numbers, employer: Numbers
) -> dict[str, Numbers]:
    return {
        "unit": unit, "slot": np.full(len(unit), slot), "start": start, "planned": planned, "end": end,
        "reason": reason, "employer": employer,
    }  # fmt: skip


_DRAWN = ("unit", "instrument", "variant", "frame", "start", "end", "reason", "employer")


def _known(drawn: dict[str, Numbers], fate: Numbers, profile: Profile, chance: Chance) -> Actions:
    """The rows with what each delivery can know of them."""
    faults, count = profile.faults, len(drawn["unit"])
    first, second = (number(one.delivered_on) for one in profile.deliveries)
    start, end = drawn["start"], drawn["end"]
    late = fate[drawn["unit"]] == LATE
    timely = fate[drawn["unit"]] == TIMELY
    registered_on = np.where(late, between(chance, first + 1, second, count), start - between(chance, -4, 25, count))
    end_known_on = np.maximum(end + between(chance, 0, 4, count), registered_on)
    foreseen = marked(chance, count, faults.foreseen_end)
    end_known_on = np.where(foreseen | (fate[drawn["unit"]] == UNDONE), registered_on, end_known_on)
    goes_on = np.append(drawn["resumes"][1:], False)
    in_time = timely & (end > number(profile.deliveries[0].action.complete_from)) & (end <= first) & ~goes_on
    end_known_on = np.where(in_time & marked(chance, count, faults.late_end), second, end_known_on)
    starts_moved = between(chance, 1, 9, count) * np.where(chance.random(count) < 0.5, -1, 1)
    alone = np.bincount(drawn["unit"])[drawn["unit"]] == 1
    can_change = alone & timely & (end <= first) & (start + starts_moved <= end)
    corrected = can_change & marked(chance, count, faults.corrected_start)
    unlinked = marked(chance, len(fate), faults.unlinked)
    return Actions(
        **{name: drawn[name] for name in _DRAWN},
        planned=np.where(marked(chance, count, faults.unplanned), NO_DAY, drawn["planned"]),
        resumes=drawn["resumes"].astype(np.bool_),
        linked=~unlinked[drawn["unit"]],
        registered_on=registered_on,
        end_known_on=end_known_on,
        corrected_start=np.where(corrected, start + starts_moved, NO_DAY),
        deleted=can_change & ~corrected & marked(chance, count, faults.deleted),
        annulled=can_change & ~corrected & marked(chance, count, faults.annulled),
    )
