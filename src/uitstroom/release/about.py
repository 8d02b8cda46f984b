"""What lies in a release for who takes it along: README, CITATION.cff and LICENCE."""

from __future__ import annotations

import json

from uitstroom.release.index_page import INDEX, Index, index_page

README, CITATION, LICENCE = "README.md", "CITATION.cff", "LICENCE.txt"


def files(index: Index) -> dict[str, bytes]:
    """The page that leads around, and the files beside it; a licence only where the service names one."""
    made = {README: _readme(index).encode(), CITATION: _citation(index).encode()}
    licence = index.catalogue.service.licence
    if licence:
        made[LICENCE] = f"{index.wording.say(licence.name)}\n{licence.url}\n".encode()
    listed = Index(
        index.question, index.published, index.catalogue, index.language, [*index.files, *made, INDEX], index.identifier
    )
    return {**made, INDEX: index_page(listed)}


def _readme(index: Index) -> str:
    """In the language of the release: what it is, where to begin, how to cite it, whom to ask."""
    say, service = index.wording, index.catalogue.service
    lines = [
        f"# {say.say(index.question.title)}", "",
        ". ".join(say.scope(index.published.tables[0])) + ".", "",
        say.word("index.begin"), "",
        *(f"* `data/csv/{name}.csv`: {say.say(table.title)}" for name, table in index.named
          if f"data/csv/{name}.csv" in index.files), "",
        say.word("index.cite", service=service.name, title=index.question.title, identifier=index.identifier), "",
    ]  # fmt: skip
    if service.licence:
        lines += [f"{say.word('index.licence')}: {say.say(service.licence.name)}, {service.licence.url}", ""]
    if service.contact:
        lines += [f"{say.word('index.contact')}: {service.contact}", ""]
    return "\n".join(lines)


def _citation(index: Index) -> str:
    """Citation File Format 1.2.0: YAML, whose texts are written as JSON strings."""
    scope, service = index.published.tables[0].scope, index.catalogue.service
    told = {
        "cff-version": "1.2.0",
        "message": index.wording.word("index.please_cite"),
        "type": "dataset",
        "title": index.wording.say(index.question.title),
        "version": scope.as_known_on.isoformat(),
        "date-released": scope.clock.isoformat(),
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    lines += ["authors:", f"  - name: {json.dumps(index.wording.say(service.name), ensure_ascii=False)}"]
    lines += ["identifiers:", "  - type: other", f"    value: {json.dumps(index.identifier)}"]
    if service.licence:
        lines.append(f"license-url: {json.dumps(service.licence.url)}")
    return "\n".join(lines) + "\n"
