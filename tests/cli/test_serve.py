"""``runwright serve`` and ``worker`` as real processes."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest
import sqlalchemy as sa

from .processes import Running, run_to_end, running

SLEEPER = """\
version: 1
name: Sleeper
inputs:
  name: {default: nobody}
blocks:
  greeting:
    type: template
    text: "Hello {{ name }}"
  pause:
    type: wait
    seconds: 3600
    needs: [greeting]
triggers:
  api: {enabled: true}
"""
GREETER = SLEEPER.replace("3600", "0").replace("Sleeper", "Greeter")


def get(url: str, key: str = "") -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(url, headers={"x-api-key": key})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.status, json.load(response)


def publish(data_dir: Path, source: str) -> tuple[str, str]:
    """Import a workflow and make a key, beside the running server; the id and the key."""
    file = data_dir / "workflow.yaml"
    file.write_text(source)
    imported = run_to_end("workflows", "import", file, "--data-dir", data_dir)
    made = run_to_end("keys", "create", "--name", "test", "--data-dir", data_dir)
    assert (imported.returncode, made.returncode) == (0, 0), imported.stderr + made.stderr
    return imported.stdout.strip(), made.stdout.strip()


def test_from_an_empty_folder_to_a_finished_execution(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running("serve", "--port", "0", "--data-dir", data_dir) as server:
        assert "Sign in for the first time" in server.read_line()
        assert get(f"{server.url}/healthz") == (200, {"status": "ok"})
        assert get(f"{server.url}/readyz") == (200, {"status": "ok"})
        workflow_id, key = publish(data_dir, GREETER)
        environment = {"RUNWRIGHT_URL": server.url, "RUNWRIGHT_API_KEY": key}
        ended = run_to_end("trigger", workflow_id, "-i", "name=you", "--wait", "--timeout", "60", **environment)
        assert ended.returncode == 0, ended.stderr
        status = json.loads(ended.stdout)
        assert status["state"]["blocks"]["greeting"]["output"] == "Hello you"
        assert "Greeter: completed" in ended.stderr
        _refuses_a_second_server(data_dir, server)
        assert server.stop() == 0


def _refuses_a_second_server(data_dir: Path, server: Running) -> None:
    second = run_to_end("serve", "--port", "0", "--data-dir", data_dir)
    assert second.returncode == 1
    assert f"process {server.process.pid} already serves" in second.stderr
    assert get(f"{server.url}/readyz") == (200, {"status": "ok"})


def test_stopping_answers_those_who_wait_and_what_waits_goes_on_later(tmp_path: Path) -> None:
    answers: list[tuple[int, dict[str, object]]] = []
    with running("serve", "--port", "0", "--data-dir", tmp_path) as server:
        workflow_id, key = publish(tmp_path, SLEEPER)
        environment = {"RUNWRIGHT_URL": server.url, "RUNWRIGHT_API_KEY": key}
        execution_id = run_to_end("trigger", workflow_id, **environment).stdout.strip()
        address = f"{server.url}/api/executions/{execution_id}"
        while get(address, key)[1]["completedBlocks"] != 1:
            time.sleep(0.05)
        waiter = threading.Thread(target=lambda: answers.append(get(address + "?wait=60", key)))
        waiter.start()
        _wait_for_open_request(server)
        assert server.stop(signal.SIGINT) == 0
        waiter.join(timeout=30)
    assert [(status, body["status"]) for status, body in answers] == [(200, "running")]
    with running("serve", "--port", "0", "--data-dir", tmp_path) as again:
        _, body = get(f"{again.url}/api/executions/{execution_id}", key)
        assert body["status"] == "running"
        assert body["completedBlocks"] == 1


def _wait_for_open_request(server: Running) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    while not any(
        connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == port
        for connection in psutil.Process(server.process.pid).net_connections("tcp")
    ):
        time.sleep(0.05)


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = run_to_end("serve", "--port", port, "--data-dir", tmp_path)
    assert ended.returncode == 1
    assert f"Port {port} is taken" in ended.stderr
    assert "--port" in ended.stderr


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    ended = run_to_end("serve", "--host", "192.0.2.1", "--port", "0", "--data-dir", tmp_path)
    assert ended.returncode == 1
    assert "Cannot listen on 192.0.2.1" in ended.stderr


def test_a_schema_from_the_future_is_refused(tmp_path: Path) -> None:
    assert run_to_end("migrate", "--data-dir", tmp_path).returncode == 0
    with closing(sqlite3.connect(tmp_path / "runwright.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    ended = run_to_end("serve", "--port", "0", "--data-dir", tmp_path)
    assert ended.returncode == 1
    assert "9999" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = run_to_end("serve", "--port", "0", "--data-dir", tmp_path / "file" / "data")
    assert ended.returncode == 1
    assert "cannot be used" in ended.stderr


def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path) -> None:
    ended = run_to_end("serve", "--data-dir", tmp_path, RUNWRIGHT_ENGINE__MAX_RUNNING="hunter2")
    assert ended.returncode == 2
    assert "RUNWRIGHT_ENGINE__MAX_RUNNING" in ended.stderr
    assert "hunter2" not in ended.stderr


def test_a_worker_needs_postgresql(tmp_path: Path) -> None:
    ended = run_to_end("worker", RUNWRIGHT_DATA_DIR=str(tmp_path))
    assert ended.returncode == 2
    assert "RUNWRIGHT_DATABASE_URL" in ended.stderr


@pytest.fixture
def empty_postgres(postgres_url: str) -> str:
    """The address of a database that nobody has migrated."""
    name = "never_migrated"
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {name}")
        conn.execute(f"CREATE DATABASE {name}")
    return sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


def test_on_postgresql_migrate_comes_first_and_then_a_worker_runs(empty_postgres: str, tmp_path: Path) -> None:
    environment = {"RUNWRIGHT_DATABASE_URL": empty_postgres, "RUNWRIGHT_DATA_DIR": str(tmp_path)}
    refused = run_to_end("worker", **environment)
    assert refused.returncode == 1
    assert "runwright migrate" in refused.stderr
    assert run_to_end("migrate", **environment).returncode == 0
    with running("worker", **environment) as worker:
        assert worker.said == ["Runwright works (Ctrl-C stops)"]
        assert worker.stop() == 0
