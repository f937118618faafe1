"""Programs that try to get out of the sandbox, or to hurt the server from inside it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from runwright.config import CodeSettings
from runwright.integrations.sandbox.pool import Sandbox, SandboxError, Snippet

pytestmark = pytest.mark.anyio

MEBIBYTE = 1024 * 1024
SECRET = "s3cret-of-the-server"

FILES = [
    "open('/etc/passwd').read()",
    "open('{file}').read()",
    "open('../../../../../../{file}').read()",
    "open('/proc/self/environ').read()",
    "open('/proc/self/mem', 'rb').read(10)",
    "open('/dev/zero', 'rb').read(10)",
    "open('{file}', 'w').write('x')",
    "open(0).read()",
    "open(3).read()",
    "from pathlib import Path\nPath('{file}').read_text()",
    "from pathlib import Path\nlist(Path('/').iterdir())",
    "from pathlib import Path\nPath('{file}').unlink()",
    "from pathlib import Path\nPath('{file}').exists() or 1/0",
    "import os\nos.listdir('/')",
    "import os\nos.remove('{file}')",
    "import os\nos.mkdir('/tmp/escaped')",
    "import os\nos.stat('{file}')",
    "import os\nos.rename('{file}', '/tmp/escaped')",
    "import os\nos.readlink('/proc/self/exe')",
    "import os\nos.open('{file}', 0)",
    "import shutil\nshutil.rmtree('/')",
    "import tempfile\ntempfile.mkdtemp()",
    "import glob\nglob.glob('/*')",
    "import io\nio.open('{file}').read()",
    "import io\nio.FileIO('{file}').read()",
    "import builtins\nbuiltins.open('{file}').read()",
    "with open('{file}') as f:\n    f.read()",
    "exec(\"open('{file}').read()\")",
    "eval(\"open('{file}').read()\")",
]
ENVIRONMENT = [
    "import os\nos.environ['RUNWRIGHT_SECRET_KEY']",
    "import os\ndict(os.environ)",
    "import os\nos.getenv('RUNWRIGHT_SECRET_KEY') or 1/0",
    "import os\nos.environ.get('RUNWRIGHT_SECRET_KEY') or 1/0",
    "import os\nos.environb",
    "import sys\nsys.path[0]",
    "import platform\nplatform.node()",
    "import pwd\npwd.getpwuid(0)",
]
NETWORK = [
    "import socket\nsocket.socket()",
    "import urllib.request\nurllib.request.urlopen('http://127.0.0.1')",
    "import http.client",
    "import requests",
    "import httpx",
    "import ssl",
    "import asyncio\nawait asyncio.open_connection('127.0.0.1', 80)",
    "import ftplib",
    "import smtplib",
    "import _socket",
]
PROCESSES = [
    "import subprocess\nsubprocess.run(['id'])",
    "import os\nos.system('id')",
    "import os\nos.fork()",
    "import os\nos.execv('/bin/sh', ['sh'])",
    "import os\nos.popen('id').read()",
    "import os\nos.kill(1, 9)",
    "import os\nos.posix_spawn('/bin/sh', ['sh'], {})",
    "import posix",
    "import multiprocessing",
    "import threading",
    "import signal",
    "import ctypes",
    "import pty",
    "import asyncio\nawait asyncio.create_subprocess_shell('id')",
    "import concurrent.futures",
]
INTERPRETER = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1].__subclasses__()",
    "(lambda: 0).__globals__['__builtins__']",
    "(lambda: 0).__code__",
    "__builtins__.__dict__['eval']",
    "[].append.__self__.__class__",
    "type('X', (object,), {})().__class__.__base__",
    "object.__subclasses__()",
    "import importlib\nimportlib.import_module('os')",
    "import sys\nsys.modules['os'].system('id')",
    "import sys\nsys._getframe().f_back",
    "import inspect\ninspect.currentframe()",
    "import gc\ngc.get_objects()",
    "import pickle\npickle.loads(b'cos\\nsystem\\n(S\"id\"\\ntR.')",
    "import marshal",
    "compile('1', 'x', 'exec')",
    "input()",
    "breakpoint()",
    "'{0.__class__.__mro__}'.format(1)",
    "getattr((), '__cl' + 'ass__').__bases__",
    "try:\n    1/0\nexcept Exception as e:\n    e.__traceback__.tb_frame.f_globals['__builtins__']",
    "import runwright.config",
    "import pydantic_monty",
]
MEMORY = [
    "[0] * 10**9",
    "'a' * 10**10",
    "b'a' * 10**10",
    "x = []\nwhile True: x.append('a' * 1000)",
    "x = {}\nfor i in range(10**9): x[i] = i",
    "x = 'a'\nwhile True: x += x",
    "10 ** 10 ** 9",
    "1 << 10**11",
    "'%1000000000d' % 1",
    "f'{1:>1000000000}'",
    "'a'.ljust(10**10)",
    "'a'.replace('a', 'b' * 10**6) * 10**6",
    "','.join(['a' * 10**6] * 10**6)",
    "list(range(10**9))",
    "sorted(range(10**9))",
    "set(range(10**9))",
    "tuple(range(10**9))",
    "bytes(10**10)",
    "bytearray(10**10)",
    "import itertools\nlist(itertools.repeat(0, 10**9))",
    "import json\njson.loads('[' + '0,' * 10**8 + '0]')",
]
TIME = [
    "while True: pass",
    "for i in range(10**12): pass",
    "sum(range(10**12))",
    "import re\nwhile re.match(r'(a+)+$', 'a' * 40 + 'b') is None: pass",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "import time\nwhile True: time.sleep(1000)",
    "import asyncio\nwhile True: await asyncio.sleep(1000)",
    "while True: print('x' * 1000)",
    "def f(n):\n    return 1 if n < 2 else f(n - 1) + f(n - 2)\nf(80)",
    "max(i * i for i in range(10**12))",
    "while True:\n    try:\n        1/0\n    except ZeroDivisionError:\n        continue",
]
STACK = [
    "def f(): return f()\nf()",
    "f = lambda: f()\nf()",
    "def f(n):\n    try:\n        return f(n)\n    finally:\n        f(n)\nf(1)",
    "eval('(' * 10**4 + ')' * 10**4)",
    "eval('-' * 10**5 + '1')",
    "import json\njson.loads('[' * 10**5 + ']' * 10**5)",
    "(" * 5000 + ")" * 5000,
    "[" * 100000,
    "x = " + "+".join(["1"] * 20000) + "\n1/0",
]
FORBIDDEN = [*FILES, *ENVIRONMENT, *NETWORK, *PROCESSES, *INTERPRETER]
EXHAUSTING = [*MEMORY, *TIME, *STACK]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    """One for all attacks, so that each also has to leave it usable for the next."""
    sandbox = Sandbox(CodeSettings(seconds=0.3, memory_bytes=32 * MEBIBYTE, processes=1))
    yield sandbox
    await sandbox.aclose()


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What an attack wants: a file and a variable of the server."""
    file = tmp_path / "secret"
    file.write_text(SECRET)
    monkeypatch.setenv("RUNWRIGHT_SECRET_KEY", SECRET)
    return file


def test_the_number_of_attacks() -> None:
    """So that none is lost unnoticed."""
    assert (len(FORBIDDEN), len(EXHAUSTING)) == (86, 41)
    assert len({*FORBIDDEN, *EXHAUSTING}) == 127


@pytest.mark.parametrize("attack", FORBIDDEN)
async def test_nothing_outside_is_reached(attack: str, sandbox: Sandbox, secret: Path) -> None:
    code = attack.replace("{file}", str(secret))
    with pytest.raises(SandboxError) as caught:
        await sandbox.run(Snippet(code=code))
    assert SECRET not in str(caught.value)
    assert secret.read_text() == SECRET
    assert not Path("/tmp/escaped").exists()


@pytest.mark.parametrize("attack", EXHAUSTING)
async def test_nothing_is_used_up(attack: str, sandbox: Sandbox) -> None:
    server = psutil.Process()
    before = server.memory_info().rss
    with pytest.raises(SandboxError):
        await sandbox.run(Snippet(code=attack))
    assert server.memory_info().rss - before < 64 * MEBIBYTE
    assert (await sandbox.run(Snippet(code="1 + 1"))).output == "2"


async def test_sleeping_takes_no_time(sandbox: Sandbox) -> None:
    ran = await sandbox.run(Snippet(code="import time\nfor _ in range(1000): time.sleep(1000)\n'awake'"))
    assert ran.output == "awake"


async def test_a_worker_has_no_more_than_its_share_of_memory(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="more memory"):
        await sandbox.run(Snippet(code="x = []\nwhile True: x.append('a' * 1000)"))
    workers = [child for child in psutil.Process().children(recursive=True) if child.name() == "monty"]
    assert all(worker.memory_info().rss < 96 * MEBIBYTE for worker in workers)


async def test_an_output_that_is_too_large_is_refused() -> None:
    sandbox = Sandbox(CodeSettings(output_bytes=1000, processes=1))
    try:
        assert len((await sandbox.run(Snippet(code="'x' * 1000"))).output) == 1000
        with pytest.raises(SandboxError, match="larger than 1000 bytes"):
            await sandbox.run(Snippet(code="'x' * 1001"))
    finally:
        await sandbox.aclose()


async def test_no_process_is_left_behind() -> None:
    sandbox = Sandbox(CodeSettings(processes=2))
    await sandbox.run(Snippet(code="1"))
    before = {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
    await sandbox.aclose()
    after = {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
    assert after < before
