"""JSON that is kept, and JSON that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.inputs import NOON, VIEW, event, problems


def deep(levels: int) -> Any:
    return [deep(levels - 1)] if levels else 1


@pytest.mark.parametrize(
    "value",
    [
        0,
        False,
        "",
        [],
        {},
        "a\tb\n",
        {"": 1},
        deep(10),
        2**63 - 1,
        -(2**63),
        1e300,
        "é" * 2047,
        "x" * 4094,
        {"null": None},
    ],
)
@pytest.mark.parametrize("path", ["metadata", "context"])
def test_json_that_is_kept(value: Any, path: str) -> None:
    assert getattr(event(VIEW | {path: value}), path) == value


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        (deep(11), "metadata" + ".0" * 10, "more than 10 deep"),
        ("x" * 4095, "metadata", "takes 4097 bytes as JSON; at most 4096"),
        ("é" * 2048, "metadata", "takes 4098 bytes"),
        ([1] * 5000, "metadata", "takes more than 4096 bytes"),
        ([[float("nan")] * 49 + [1] * 5000], "metadata", "takes more than 4096 bytes"),
        ({"a": float("inf")}, "metadata.a", "finite"),
        ({"a": 2**63}, "metadata.a", "beyond 64 bits; send it as a string"),
        ([-(2**63) - 1], "metadata.0", "beyond 64 bits"),
        ({"a": "\ud800"}, "metadata.a", "U+D800"),
        ({"a": {"\udfff": 1}}, "metadata.a", "U+DFFF"),
        ({"a\x00": 1}, "metadata", "U+0000"),
        ({"\n": ["\x00"]}, "metadata.'\\n'.0", "U+0000"),
        ({1: 1}, "metadata", "a key that is no string"),
        ({"a": NOON}, "metadata.a", "no JSON value"),
        (b"a", "metadata", "no JSON value"),
    ],
)
def test_json_that_cannot_be_kept(value: Any, path: str, message: str) -> None:
    assert message in problems(VIEW | {"metadata": value})[path]
