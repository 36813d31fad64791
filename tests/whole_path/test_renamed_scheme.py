"""Nothing hangs on a scheme's name: under another id it checks, publishes, builds and reads just the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.whole_path.commands import ROOT, schemebook

NEW = "renamed-scheme"


def test_a_scheme_under_another_id_goes_the_whole_path(tmp_path: Path) -> None:
    old = sorted(path.stem for path in (ROOT / "scheme-configs").glob("*.yml"))[0]
    project = tmp_path / "project"
    for folder in ("scheme-configs", "forms/shared", f"forms/{old}", f"docs/{old}"):
        shutil.copytree(ROOT / folder, project / folder.replace(old, NEW))
    for file in ("mkdocs.yml", "docs/index.md"):
        shutil.copy(ROOT / file, project / file)
    config = project / "scheme-configs" / f"{NEW}.yml"
    text = (project / "scheme-configs" / f"{old}.yml").read_text("utf-8")
    config.write_text(text.replace(f"scheme: {old}\n", f"scheme: {NEW}\n"), "utf-8")
    for other in (project / "scheme-configs").glob("*.yml"):
        if other != config:
            other.unlink()

    schemebook(project, "check")
    schemebook(project, "publish")
    schemebook(project, "build")
    assert (project / "site" / NEW / "index.html").is_file()
    example = sorted((ROOT / "tests" / "demo" / old).glob("*.json"))[0]
    form = example.stem.rpartition("-")[0]
    assert (project / "site" / NEW / "forms" / f"{form}.pdf").is_file()
    schemebook(project, "fill", f"{NEW}/{form}", str(example), "--output", "inbox/a.pdf")
    schemebook(project, "ingest", "inbox")
    (record,) = map(json.loads, schemebook(project, "records", "--format", "json").splitlines())
    assert (record["scheme"], record["form"]) == (NEW, form)
    assert record["answers"] == json.loads(example.read_text("utf-8"))
    schemebook(project, "report", NEW, "--output", "report")
    assert (project / "report" / "index.html").is_file()
