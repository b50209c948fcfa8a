"""What a running server leaves in its data folder for the commands of its machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from schema.commands.target import server_of
from schema.instance import announced, credential, find
from schema.remote import Address
from schema.settings import Settings
from signals.errors import StartupError

URL = "http://127.0.0.1:1"


def test_a_server_is_found_while_it_runs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with announced(data, URL) as instance:
        assert find(data) == instance
        assert credential(data) is None
    assert find(data) is None
    assert list(data.iterdir()) == []


def test_its_key_is_for_the_eyes_of_its_owner_and_goes_with_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with announced(tmp_path, URL, "sg_operator_x"):
            assert credential(tmp_path) == "sg_operator_x"
            assert (tmp_path / "server.key").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
    assert credential(tmp_path) is None


def test_a_key_that_a_killed_server_left_goes_when_the_next_one_has_none(tmp_path: Path) -> None:
    (tmp_path / "server.key").write_text("sg_operator_old", encoding="ascii")
    with announced(tmp_path, URL):
        assert credential(tmp_path) is None


def test_the_key_of_a_server_goes_to_that_server_only(tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path)
    assert server_of(settings, None) is None
    with announced(tmp_path, URL, "sg_operator_x"):
        assert server_of(settings, None) == Address(URL, "sg_operator_x")
        assert server_of(settings, "http://elsewhere") == Address("http://elsewhere", None)
        named = Settings.load(data=tmp_path, token="mine")  # noqa: S106 -- no secret
        assert server_of(named, None) == Address(URL, "mine")
        assert server_of(named, "http://elsewhere") == Address("http://elsewhere", "mine")


@pytest.mark.parametrize(
    ("url", "token", "read"),
    [
        ("http://api.example", "mine", True),
        ("http://api.example", None, False),
        ("https://api.example", "mine", False),
        ("http://127.0.0.1:8000", "mine", False),
        ("http://localhost:8000/graphql", "mine", False),
        ("http://127.0.0.1.example", "mine", True),
        ("api.example", "mine", True),
    ],
)
def test_a_token_on_an_open_way_is_said(
    url: str, token: str | None, read: bool, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = server_of(Settings.load(data=tmp_path, token=token), url)
    assert found is not None
    assert found.in_the_clear is read
    said = capsys.readouterr().err
    assert ("in the clear" in said) is read
    assert "mine" not in said


def test_a_token_is_not_shown() -> None:
    assert "secret" not in repr(Address(URL, "secret"))
    assert Address(URL, "secret").headers() == {"authorization": "Bearer secret"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_key_of_somebody_else_is_said(tmp_path: Path) -> None:
    (tmp_path / "server.key").write_text("x", encoding="ascii")
    (tmp_path / "server.key").chmod(0)
    with pytest.raises(StartupError, match="SOCIOGRAPH_TOKEN"):
        credential(tmp_path)
