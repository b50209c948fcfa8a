"""``sociograph keys``: the API keys by which programs are let in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import orjson
import typer
import uvloop
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schema.commands.operator import operator
from schema.commands.target import Url
from schema.principal import Role
from schema.settings import Settings
from signals.errors import StartupError

KEY = "id name role userId createdAt lastUsedAt revokedAt"
CREATE = f"""
mutation CreateKey($name: String!, $role: Role!, $userId: ID) {{
  createApiKey(name: $name, role: $role, userId: $userId) {{ key apiKey {{ {KEY} }} }}
}}
"""
LIST = f"query ListKeys($revoked: Boolean!) {{ apiKeys(revoked: $revoked) {{ {KEY} }} }}"
REVOKE = f"mutation RevokeKey($id: ID!) {{ revokeApiKey(id: $id) {{ {KEY} }} }}"

app = typer.Typer(no_args_is_help=True, help="API keys: make, list and revoke them.")


class Kind(StrEnum):
    """The roles, as options."""

    CLIENT = Role.CLIENT.value
    SERVICE = Role.SERVICE.value
    ANALYST = Role.ANALYST.value
    ADMIN = Role.ADMIN.value


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    role: Annotated[Kind, typer.Option(help="What its holder may do.")],
    user: Annotated[str | None, typer.Option(help="The user that a client's key stands for.")] = None,
    url: Url = None,
) -> None:
    """Make a key and write it to standard output. It is shown this once: only its hash is stored.

    Exit status: 0 it is made, 2 it could not be.
    """
    made = _asked(CREATE, {"name": name, "role": role.name, "userId": user}, url)["createApiKey"]
    typer.echo(f"The key {made['apiKey']['id']} ({name}, {role}). Keep it: it is not shown again.", err=True)
    typer.echo(made["key"])


@app.command("list")
def list_(
    revoked: Annotated[bool, typer.Option("--revoked", help="With those that were revoked.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    url: Url = None,
) -> None:
    """Show the keys, newest first."""
    keys = _asked(LIST, {"revoked": revoked}, url)["apiKeys"]
    if as_json:
        typer.echo(orjson.dumps(keys, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("id", "name", "role", "user", "made", "last used", "revoked")
    for key in keys:
        table.add_row(*(_plain(key[name]) for name in KEY.split()))
    Console().print(table)


@app.command()
def revoke(id: Annotated[str, typer.Argument(help="The key's id.")], url: Url = None) -> None:
    """Revoke a key: it lets nobody in any more, at a running server after five seconds at most.

    Exit status: 0 it is revoked, 2 there is no such key.
    """
    key = _asked(REVOKE, {"id": id}, url)["revokeApiKey"]
    if key is None:
        raise StartupError(f"There is no key {id}; `sociograph keys list` shows them.")
    typer.echo(f"The key {id} ({key['name']}) is revoked since {key['revokedAt']}.")


def _asked(document: str, variables: dict[str, Any], url: str | None) -> dict[str, Any]:
    async def asked() -> dict[str, Any]:
        async with operator(Settings.load(), url) as ask:
            return await ask(document, variables)

    return uvloop.run(asked())


def _plain(value: str | None) -> str:
    return "" if value is None else escape(value)
