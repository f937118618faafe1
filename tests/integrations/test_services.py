from __future__ import annotations

import subprocess
import sys

import pytest

from runwright.accounts.bootstrap import ensure_default
from runwright.accounts.providers import Vendor, put_provider
from runwright.accounts.secrets import open_secret_box
from runwright.accounts.service import update_project
from runwright.blocks.base import Scope
from runwright.config import HttpSettings, Settings
from runwright.db.database import Database
from runwright.errors import Invalid
from runwright.services import Stored, make_services

HEAVY = ("pydantic_ai", "openai", "anthropic", "google.genai", "genai_prices", "jsonschema", "dbos")


@pytest.mark.anyio
async def test_services_render_test_and_close() -> None:
    services = make_services(Settings(data_dir="."))  # type: ignore[arg-type]
    scope = Scope(variables={"who": "you"})
    assert services.render({"greeting": "Hello {{ who }}"}, scope) == {"greeting": "Hello you"}
    assert services.test("who == 'you'", scope)
    await services.aclose()


def test_a_host_to_open_that_is_none_names_the_setting() -> None:
    with pytest.raises(Invalid, match=r"RUNWRIGHT_HTTP__ALLOW_HOSTS: '\*' is no host"):
        make_services(Settings(http=HttpSettings(allow_hosts=frozenset({"*"}))))


@pytest.mark.anyio
async def test_what_organizations_have_set_up(async_database: Database, settings: Settings) -> None:
    stored = Stored(async_database, settings)
    box = open_secret_box(settings)
    made = await async_database.write(ensure_default)
    assert await stored.access(made.org_id, "openai") is None
    assert await stored.default_model(made.org_id, made.project_id) is None

    await async_database.write(
        lambda conn: put_provider(
            conn, box, org_id=made.org_id, vendor=Vendor.OPENAI, api_key="sk-1", base_url="https://proxy.example/v1"
        )
    )
    await async_database.write(
        lambda conn: update_project(
            conn, org_id=made.org_id, project_id=made.project_id, name="P", default_model="openai:gpt-5"
        )
    )
    access = await stored.access(made.org_id, "openai")
    assert access is not None
    assert (access.api_key, access.base_url, access.trusted) == ("sk-1", "https://proxy.example/v1", False)
    assert "sk-1" not in repr(access)
    assert await stored.default_model(made.org_id, made.project_id) == "openai:gpt-5"
    assert await stored.access("another", "openai") is None


def test_an_idle_server_has_no_vendors_library_in_memory() -> None:
    code = (
        "import sys; from runwright.blocks.registry import block_types; from runwright.services import make_services; "
        "from runwright.config import Settings; block_types(); make_services(Settings()); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
