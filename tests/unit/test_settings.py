"""Settings come from the environment, and the README lists every one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schema.settings import Settings, table, variable
from signals.errors import StartupError

README = Path(__file__).parents[2] / "README.md"


def test_defaults_suit_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    settings = Settings.load()
    assert (settings.host, settings.port, settings.data, settings.neo4j_uri) == (
        "127.0.0.1",
        8000,
        Path("data"),
        None,
    )
    assert settings.body_limit == 2 * 1024 * 1024


def test_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIOGRAPH_PORT", "9001")
    monkeypatch.setenv("SOCIOGRAPH_NEO4J_URI", "neo4j+s://db.example.org")
    monkeypatch.setenv("SOCIOGRAPH_CORS_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("SOCIOGRAPH_LOG_LEVEL", "WARNING")
    settings = Settings.load()
    assert settings.port == 9001
    assert settings.neo4j_uri == "neo4j+s://db.example.org"
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.log_level == "warning"


def test_an_empty_variable_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIOGRAPH_PORT", "")
    assert Settings.load().port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOCIOGRAPH_PORT", "eighty"),
        ("SOCIOGRAPH_PORT", "65536"),
        ("SOCIOGRAPH_NEO4J_URI", "http://localhost:7474"),
        ("SOCIOGRAPH_HEAP", "lots"),
        ("SOCIOGRAPH_QUEUE_CAPACITY", "0"),
        ("SOCIOGRAPH_WRITE_DEADLINE", "-1"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StartupError, match=name):
        Settings.load()


def test_passwords_stay_out_of_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIOGRAPH_NEO4J_PASSWORD", "open sesame")
    settings = Settings.load()
    assert settings.neo4j_password.get_secret_value() == "open sesame"
    assert "sesame" not in repr(settings)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_readme_lists_the_settings() -> None:
    listed = re.search(r"<!-- settings -->\n(.*?)<!-- /settings -->", README.read_text(encoding="utf-8"), re.DOTALL)
    if listed and listed[1].strip():
        assert listed[1].strip() == table(), "python -m schema.settings prints the table"
