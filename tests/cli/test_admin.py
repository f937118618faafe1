"""``runwright admin``, on a folder that was empty."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Run


def listed(run: Run, *arguments: str) -> list[dict[str, Any]]:
    ended = run("admin", *arguments, "--json")
    assert ended.code == 0, ended.err
    rows: list[dict[str, Any]] = json.loads(ended.out)
    return rows


def test_an_empty_folder_gets_its_first_organization(run: Run) -> None:
    assert [org["name"] for org in listed(run, "orgs", "list")] == ["Default"]
    assert [user["email"] for user in listed(run, "users", "list")] == ["owner@localhost"]
    assert [member["role"] for member in listed(run, "members", "list")] == ["owner"]
    assert [project["name"] for project in listed(run, "projects", "list")] == ["Default"]


def test_organizations(run: Run) -> None:
    made = run("admin", "orgs", "create", "Acme")
    assert made.code == 0
    assert made.out.strip() in {org["id"] for org in listed(run, "orgs", "list")}
    assert run("admin", "orgs", "rename", "Acme", "Acme Ltd").code == 0
    assert {org["name"] for org in listed(run, "orgs", "list")} == {"Default", "Acme Ltd"}
    assert run("admin", "orgs", "delete", made.out.strip()).code == 0
    assert len(listed(run, "orgs", "list")) == 1
    refused = run("admin", "orgs", "delete", "Default")
    assert refused.code == 1
    assert "first organization" in refused.err


def test_users(run: Run) -> None:
    made = run("admin", "users", "create", "Ann@Example.com", "--name", "Ann")
    assert made.code == 0
    assert run("admin", "users", "rename", "Ann", "Ann Lee").code == 0
    assert run("admin", "users", "change", made.out.strip(), "--email", "lee@example.com").code == 0
    found = next(user for user in listed(run, "users", "list") if user["id"] == made.out.strip())
    assert (found["name"], found["email"]) == ("Ann Lee", "lee@example.com")
    assert run("admin", "users", "delete", "LEE@example.com").code == 0
    assert len(listed(run, "users", "list")) == 1
    assert run("admin", "users", "delete", "owner@localhost").code == 1


def test_a_sign_in_link_is_alone_on_standard_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWRIGHT_PUBLIC_URL", "https://runwright.example/")
    ended = run("admin", "users", "link", "owner@localhost")
    assert ended.out.startswith("https://runwright.example/sign-in#link=rwl_")
    assert ended.out.count("\n") == 1
    assert run("admin", "users", "link").out != ended.out


def test_members(run: Run) -> None:
    run("admin", "users", "create", "ann@example.com")
    run("admin", "orgs", "create", "Acme")
    assert run("admin", "members", "add", "ann@example.com", "--role", "admin", "--org", "Acme").code == 0
    assert run("admin", "members", "add", "ann@example.com", "--org", "Acme").code == 1
    assert run("admin", "members", "role", "ann@example.com", "owner", "--org", "Acme").code == 0
    assert run("admin", "members", "remove", "owner@localhost", "--org", "Acme").code == 0
    members = listed(run, "members", "list", "--org", "Acme")
    assert [(member["email"], member["role"]) for member in members] == [("ann@example.com", "owner")]
    refused = run("admin", "members", "remove", "ann@example.com", "--org", "Acme")
    assert refused.code == 1
    assert "last owner" in refused.err


def test_projects(run: Run) -> None:
    made = run("admin", "projects", "create", "Docs", "--model", "openai:gpt-5").out.strip()
    assert run("admin", "projects", "rename", "Docs", "Notes").code == 0
    assert run("admin", "projects", "change", "Notes", "--model", "").code == 0
    found = next(project for project in listed(run, "projects", "list") if project["id"] == made)
    assert (found["name"], found["defaultModel"]) == ("Notes", None)
    assert run("admin", "projects", "delete", "Default").code == 0
    assert [project["id"] for project in listed(run, "projects", "list")] == [made]


def test_a_project_of_another_organization_is_found_by_its_id_alone(run: Run) -> None:
    run("admin", "orgs", "create", "Acme")
    docs = run("admin", "projects", "create", "Docs", "--org", "Acme").out.strip()
    assert run("admin", "projects", "delete", "Docs").code == 1
    assert run("admin", "projects", "delete", docs).code == 0


def test_the_last_project_stays_deleted(run: Run) -> None:
    run("admin", "projects", "delete", "Default")
    assert listed(run, "projects", "list") == []


def test_credit(run: Run) -> None:
    assert "unlimited" in run("admin", "credits", "show").out
    assert run("admin", "credits", "add", "1").code == 1
    assert "12.50 USD" in run("admin", "credits", "set", "12.5").out
    assert json.loads(run("admin", "credits", "add", "0.5", "--json").out)["limit"] == "13.00"
    reached = run("admin", "credits", "set", "0")
    assert "credits add" in reached.err
    assert "unlimited" in run("admin", "credits", "set", "none").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["credits", "set", "lots"], 2, "US dollars"),
        (["credits", "add", "1e9"], 2, "US dollars"),
        (["credits", "show", "--org", "nope"], 1, "no organization “nope”"),
        (["members", "add", "nobody@example.com"], 1, "no user “nobody@example.com”"),
        (["members", "role", "owner@localhost", "king"], 2, "king"),
        (["users", "create", "nonsense"], 1, "email: must be"),
        (["users", "change", "owner@localhost"], 2, "--name"),
        (["projects", "change", "Default"], 2, "--model"),
        (["projects", "delete", "nope"], 1, "no project “nope”"),
        (["orgs", "create", " "], 1, "name: must not be empty"),
        (["orgs", "paint"], 2, "paint"),
    ],
)
def test_what_is_wrong_is_said(run: Run, arguments: list[str], code: int, said: str) -> None:
    ended = run("admin", *arguments)
    assert ended.code == code, ended.err
    assert said in ended.err


def test_a_name_that_two_have_is_not_enough(run: Run) -> None:
    ids = {run("admin", "orgs", "create", "Acme").out.strip() for _ in range(2)}
    ended = run("admin", "orgs", "rename", "Acme", "Other")
    assert ended.code == 1
    assert all(org_id in ended.err for org_id in ids)


@pytest.mark.parametrize(
    "command",
    [
        *(("orgs", verb) for verb in ("list", "create", "rename", "delete")),
        *(("users", verb) for verb in ("list", "create", "change", "rename", "delete", "link")),
        *(("members", verb) for verb in ("list", "add", "role", "remove")),
        *(("projects", verb) for verb in ("list", "create", "change", "rename", "delete")),
        *(("credits", verb) for verb in ("show", "set", "add")),
    ],
)
def test_every_command_has_an_example(run: Run, command: tuple[str, str]) -> None:
    ended = run("admin", *command, "--help")
    assert ended.code == 0
    assert "Example: runwright admin" in ended.out
