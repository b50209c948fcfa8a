"""Everything a deployment may set, by environment. ``python -m schema.settings`` prints the README's table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from schema.rate_limits import STANDARD, rates
from signals.errors import StartupError

PREFIX = "SOCIOGRAPH_"


class Settings(BaseSettings):
    """One attribute per environment variable: ``port`` is ``SOCIOGRAPH_PORT``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on. `0.0.0.0` for every interface.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on. `0` takes a free one.")
    authentication: Literal["auto", "on", "off"] = Field(
        "auto",
        description=(
            "Whether callers say who they are, by API key or token: `on`, `off` (this machine only), or `auto`: on "
            "where tokens are set up."
        ),
    )
    jwks: str | None = Field(
        None,
        description="Keys of tokens by RS256, ES256 and EdDSA: the https address of a JSON Web Key Set, or a file.",
    )
    jwks_pause: float = Field(
        30.0, ge=1, description="Seconds between looks for a key that is not known, however many tokens name one."
    )
    jwt_secret: SecretStr | None = Field(None, description="Secret of HS256 tokens, 32 bytes or more.")
    jwt_issuer: str | None = Field(None, description="The `iss` that tokens must have.")
    jwt_audience: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The `aud` that tokens must have, one of these, separated by commas."
    )
    jwt_role_claim: str = Field(
        "role",
        min_length=1,
        description="The claim with the caller's role, or a path to it with dots; without it `client`.",
    )
    jwt_leeway: float = Field(
        30.0, ge=0, le=300, description="Seconds that the clocks of whoever issues tokens may differ."
    )
    metrics_open: bool = Field(
        False, description="Let anybody read `/metrics`; else that takes a role other than `client`."
    )
    data: Path = Field(
        Path("data"), description="Data folder: the embedded engine's files and, while serving, `server.json`."
    )
    heap: str = Field(
        "1g", pattern=r"^[1-9]\d*[mg]$", description="Heap of the embedded engine's Java process, e.g. `512m`, `4g`."
    )
    neo4j_uri: str | None = Field(
        None,
        pattern=r"^(bolt|neo4j)(\+s|\+ssc)?://",
        description="Use this Neo4j server (`bolt://`, `neo4j://`, `neo4j+s://` ...) instead of the embedded engine.",
    )
    neo4j_user: str = Field("neo4j", description="User on the Neo4j server.")
    neo4j_password: SecretStr = Field(
        SecretStr(""), description="Password on the Neo4j server. Empty: no authentication."
    )
    neo4j_database: str = Field("neo4j", description="Database on the Neo4j server.")
    vocabulary: Path | None = Field(None, description="TOML file with rows of your own for the vocabulary.")
    weights: Path | None = Field(
        None, description="TOML file with numbers of your own for ranking, over those of `signals/weights.toml`."
    )
    achievements: Path | None = Field(
        None, description="TOML file with achievements of your own, instead of those of `signals/achievements.toml`."
    )
    rewards: Path | None = Field(
        None,
        description="TOML file with goals, streaks and notifications of your own, over `signals/rewards.toml`.",
    )
    retention: Path | None = Field(
        None, description="TOML file with rows of your own for how long events are kept, over `signals/retention.toml`."
    )
    retain_every_hours: float = Field(
        0.0,
        ge=0,
        description="Hours between two runs of retention while serving; 0: it runs by `sociograph retain` alone.",
    )
    read_cache_mb: int = Field(
        256,
        ge=1,
        description="Memory (MB, roughly) for what ranking reads remember of users, contents and relationships.",
    )
    queue_capacity: int = Field(
        10_000, ge=1, description="Events that may wait for the writer; beyond it the answer is `Overloaded`."
    )
    write_deadline: float = Field(
        2.0, gt=0, description="Seconds until an event that could not be written is answered `Overloaded`."
    )
    read_deadline: float = Field(
        5.0, gt=0, description="Seconds until a read that the database did not answer fails with `UNAVAILABLE`."
    )
    consent: Literal["optional", "required"] = Field(
        "optional",
        description=(
            "Whose events are recorded: of everybody who did not object (`optional`), or only of those who agreed "
            "(`required`), by `setConsent`."
        ),
    )
    metadata_guard: Literal["off", "refuse", "hash"] = Field(
        "refuse", description="What becomes of what looks like personal data in `metadata` and `context`."
    )
    metadata_key: SecretStr = Field(
        SecretStr(""), description="Secret that personal data is hashed with where the guard is set to `hash`."
    )
    personal_data: Path | None = Field(
        None,
        description=(
            "TOML file with patterns of your own of what looks like personal data, over `signals/personal_data.toml`."
        ),
    )
    slow_statement_ms: int = Field(
        250, ge=0, description="Statements that take longer (ms) are logged with their name."
    )
    body_limit: int = Field(2 * 1024 * 1024, ge=1024, description="Largest request body, in bytes.")
    request_timeout: float = Field(
        60.0, gt=0, description="Seconds until a request that is not answered yet is given up with status 503."
    )
    max_tokens: int = Field(20_000, ge=100, description="Tokens of a GraphQL document; values belong into variables.")
    max_depth: int = Field(15, ge=1, description="Levels of fields in fields that an operation may have.")
    max_aliases: int = Field(100, ge=0, description="Fields that an operation may give other names.")
    max_cost: int = Field(
        500_000, ge=1, description="Values that an operation may answer at most, lists within lists multiplied."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose web pages may call the API, separated by commas; `*` for all."
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Names besides `localhost` that a request may call this host by while authentication is off."
    )
    proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Addresses or networks of proxies in front, whose `X-Forwarded-For` and `-Proto` are believed."
    )
    analyst_k: int = Field(5, ge=2, description="People that must stand behind a figure for analysts to be told it.")
    rate_limits: str = Field(
        STANDARD,
        description=(
            "Requests and events that one caller may send: per second, and at once, by role. `local` is whoever calls "
            "while authentication is off, `unknown` whoever sends a wrong credential; `none` and no word: no limit."
        ),
    )
    trusted_documents: Path | None = Field(
        None, description="JSON file from ids to GraphQL documents: only these are run."
    )
    trusted_documents_free_admins: bool = Field(
        True, description="Whether administrators who say who they are may send other documents."
    )
    hsts: int = Field(
        0, ge=0, description="Seconds for which browsers are told to come by https only; `0` tells them nothing."
    )
    graphiql: bool = Field(True, description="Serve GraphiQL to browsers at `/graphql`.")
    token: SecretStr | None = Field(
        None, description="API key or token that `sociograph` commands send to a server that asks who they are."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severity to log.")
    log_json: bool = Field(False, description="Log one JSON object per line instead of text.")
    tracing: bool = Field(
        False, description="Send OpenTelemetry traces, as the OTEL_... variables say; needs the extra `tracing`."
    )

    @field_validator("cors_origins", "hosts", "proxies", "jwt_audience", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("rate_limits")
    @classmethod
    def _readable(cls, value: str) -> str:
        rates(value)
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """Settings from the environment, ``given`` first. Raises StartupError that names each wrong variable."""
        try:
            return cls(**given)
        except ValidationError as error:
            raise StartupError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    problems = [f"  {variable(str(e['loc'][0]))}: {e['msg']} (given: {e['input']!r})" for e in error.errors()]
    return "\n".join(["These settings cannot be used:", *problems])


def variable(name: str) -> str:
    """The environment variable of a field."""
    return f"{PREFIX}{name.upper()}"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or value == () or (isinstance(value, SecretStr) and not value.get_secret_value()):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def table() -> str:
    """The settings as a Markdown table, for the README."""
    rows = [
        f"| `{variable(name)}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


if __name__ == "__main__":
    print(table())
