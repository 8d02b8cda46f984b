"""The program as somebody installs it: wheel and sdist, without extras and with each extra alone, every command.

`python -m tools.installed` builds both, installs the wheel in clean environments with the pinned versions, and runs
every command there: each ends well, or names the extra that it needs, and what is meant for machines can be parsed.
`--newest` does the same with the newest versions that the package admits, and names the library that breaks.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
NEEDED_IN_SDIST = ("tests/conftest.py", "pyproject.toml", "README.md", "docs/rules.md", "src/uitstroom/__init__.py")


@dataclass(frozen=True)
class Step:
    """One command line; `parsed` says what standard output must be, `extras` what it may ask for."""

    line: str
    parsed: str = ""
    extras: tuple[str, ...] = ()


FIGURES = "figures started outflow persons --period 2017-S1 --store store"
DOCUMENTS = ("publish", "sdmx")
STEPS = (
    Step("--help"),
    Step("--version"),
    Step("contract"),
    Step("catalogue show iss"),
    Step("synth --out deliveries --scale 0.01"),
    Step("load deliveries/2017-11-15 --store store"),
    Step("load deliveries/2018-07-16 --store store"),
    Step("snapshots --store store"),
    Step(FIGURES),
    Step(f"{FIGURES} --json", "json"),
    Step(f"{FIGURES} --csv", "csv"),
    Step("figures started --period 2017-S1 --by sex --store store --json", "json"),
    Step("figures started --period 2017-S1 --by sex --store store --csv", "csv"),
    Step("records started --period 2017-S1 --instrument iss --store store", "csv"),
    Step("demo"),
    Step("question new question"),
    Step("question check question"),
    Step("when question --store store"),
    Step("answer question --store store --out release", extras=DOCUMENTS),
    Step("verify release --store store", extras=DOCUMENTS),
    Step("diff release release --store store", extras=DOCUMENTS),
)
"""In the order of a first hour; each leaves what a later one reads."""


class BrokenInstallationError(Exception):
    """A command did not do what it should in an environment that a user would have."""


def build(folder: Path) -> tuple[Path, Path]:
    """The wheel and the sdist, made from this checkout."""
    _run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)])
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def check_sdist(sdist: Path) -> None:
    """Whoever takes the sources gets the tests and the documentation with them."""
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    if missing := [name for name in NEEDED_IN_SDIST if name not in names]:
        raise BrokenInstallationError(f"the sdist lacks {', '.join(missing)}")


def extras() -> list[str]:
    """Every extra, in order, without the one that is all of them."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return sorted(set(content["project"]["optional-dependencies"]) - {"all"})


@dataclass(frozen=True)
class Environment:
    """A virtual environment; one with an extra sees what stands in the one without, so that both stay clean."""

    folder: Path
    newest: bool

    @classmethod
    def made(cls, folder: Path, newest: bool, on: Environment | None = None) -> Environment:
        venv.create(folder, with_pip=True)
        made = cls(folder, newest)
        if on is not None:
            (made.packages / "core.pth").write_text(f"{on.packages}\n", "utf-8")
        return made

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        return next((self.folder / "lib").glob("python3*")) / "site-packages"

    def install(self, *requirements: str) -> None:
        """Install without a word on success; the pinned versions unless the newest are asked for."""
        pinned = [] if self.newest else ["-c", str(CONSTRAINTS)]
        options = ["-qq", "--disable-pip-version-check", "--root-user-action", "ignore"]
        _run([str(self.python), "-m", "pip", "install", *options, *pinned, *requirements])

    def versions(self) -> dict[str, str]:
        """What is installed, by name."""
        told = _run([str(self.python), "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"])
        return {one["name"].lower(): one["version"] for one in json.loads(told)}

    def follow(self, steps: Sequence[Step], having: frozenset[str]) -> None:
        """Take every step in a folder of its own; raises `BrokenInstallationError` at the first that fails."""
        with tempfile.TemporaryDirectory() as place:
            for step in steps:
                self._take(step, Path(place), having)

    def _take(self, step: Step, place: Path, having: frozenset[str]) -> None:
        command = [str(self.python), "-c", "from uitstroom.cli import main; main(prog_name='uitstroom')"]
        surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "UITSTROOM"))}
        done = subprocess.run(
            [*command, *step.line.split()], cwd=place, env=surroundings, capture_output=True, text=True, timeout=600,
            check=False,
        )  # fmt: skip
        if fault := _fault(step, done, having):
            raise BrokenInstallationError(f"uitstroom {step.line}: {fault}\n{done.stderr[-2000:]}")


def _fault(step: Step, done: subprocess.CompletedProcess[str], having: frozenset[str]) -> str:
    """What is wrong with the end of a step; empty where nothing is."""
    absent = [extra for extra in step.extras if extra not in having]
    if "Traceback" in done.stderr + done.stdout:
        return "a traceback"
    if done.returncode:
        named = any(f"uitstroom[{extra}]" in done.stderr for extra in absent)
        after = absent and "release" in step.line.split()[1:2]
        return "" if named or after else f"ended with {done.returncode}"
    return _unparsed(step.parsed, done.stdout)


def _unparsed(kind: str, text: str) -> str:
    if kind == "json":
        try:
            json.loads(text)
        except ValueError:
            return "standard output is no JSON"
    if kind == "csv" and len({len(row) for row in csv.reader(io.StringIO(text))}) != 1:
        return "standard output is no CSV"
    return ""


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BrokenInstallationError(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def check(chosen: Sequence[str], newest: bool, folder: Path) -> Iterator[str]:
    """Check the core and the chosen extras one by one; yields what held."""
    wheel, sdist = build(folder / "dist")
    check_sdist(sdist)
    yield f"{wheel.name} and {sdist.name} are built"
    core = Environment.made(folder / "core", newest)
    core.install(str(wheel))
    _held(core, frozenset())
    yield "every command runs without extras, or says which one it needs"
    for extra in chosen:
        environment = Environment.made(folder / extra, newest, core)
        environment.install(f"uitstroom[{extra}] @ file://{wheel}")
        _held(environment, frozenset({extra}))
        yield f"… and with [{extra}] alone"


def _held(environment: Environment, having: frozenset[str]) -> None:
    """Every step holds; where one fails among the newest versions, the library that breaks it is named."""
    try:
        environment.follow(STEPS, having)
    except BrokenInstallationError as broken:
        if not environment.newest:
            raise
        raise BrokenInstallationError(f"{_culprit(environment, having)}\n{broken}") from None


def _culprit(environment: Environment, having: frozenset[str]) -> str:
    """The library whose pinned version mends it, found by going back one by one."""
    pinned = dict(line.lower().split("==") for line in CONSTRAINTS.read_text("utf-8").split() if "==" in line)
    newer = {name: version for name, version in environment.versions().items() if pinned.get(name, version) != version}
    for name, version in newer.items():
        environment.install(f"{name}=={pinned[name]}", "--no-deps")
        try:
            environment.follow(STEPS, having)
        except BrokenInstallationError:
            continue
        return f"{name} {version} breaks it; {pinned[name]} does not"
    return f"none of these alone breaks it: {', '.join(f'{name} {version}' for name, version in newer.items())}"


def main() -> int:
    """The command line; 1 where something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extras", nargs="*", help="only these extras; without any: all")
    parser.add_argument("--newest", action="store_true", help="the newest versions instead of the pinned ones")
    parser.add_argument("--core", action="store_true", help="without any extra only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            for line in check([] if asked.core else asked.extras or extras(), asked.newest, Path(folder)):
                print(line, flush=True)
        except BrokenInstallationError as broken:
            print(broken, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
