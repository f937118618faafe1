"""``runwright doctor``: look for what is wrong, and say what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from runwright.cli import common

if TYPE_CHECKING:
    from runwright.cli.diagnosis import Finding


def command(data_dir: common.DataDirOption = None, as_json: common.JsonOption = False) -> None:
    """Look for what is wrong with this installation, and say what to do.

    Changes nothing, and works beside a running server. Exit code: 1 when something fails, else 0.

    Example: runwright doctor --data-dir /var/lib/runwright
    """
    from runwright.cli.diagnosis import Level, examine

    findings = examine(common.load_settings(data_dir=data_dir))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(_line(finding))
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(common.FAILURE)


def _line(finding: Finding) -> str:
    line = f"{finding.level.value:<5} {finding.subject}: {finding.message}"
    return f"{line}\n      -> {finding.remedy}" if finding.remedy else line
