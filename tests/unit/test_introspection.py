"""What GraphiQL and code generators ask first."""

from __future__ import annotations

from graphql import build_client_schema, get_introspection_query, print_schema

from tests.unit.surface import SCHEMA, Ports, answered


async def test_introspection_tells_the_whole_schema() -> None:
    data = await answered(Ports(), get_introspection_query(specified_by_url=True))
    told = build_client_schema(data)  # type: ignore[arg-type]
    assert sorted(print_schema(told).splitlines()) == sorted(print_schema(SCHEMA._schema).splitlines())
