"""How long, deep and large what is recorded may be. docs/vocabulary.md lists them for callers."""

from __future__ import annotations

ID_LENGTH = 128
"""Characters (code points), at least one."""
TEXT_LENGTH = 256
"""Characters of free text: source, reaction, the parts of a device."""
SHORT_TEXT_LENGTH = 64
"""Characters of country, time zone, category, action, entity type, tag."""
TIME_LENGTH = 64
"""Characters of a time before it is looked at."""
TAGS = 64
"""Tags of one piece of content."""

JSON_BYTES = 4096
"""Of metadata, and of context: compact, in UTF-8."""
JSON_DEPTH = 10
"""Objects and lists within each other; a value outside of any is 0 deep."""

INT_MAX = 2**31 - 1
"""What a GraphQL Int can give back: a duration of 24 days and 20 hours in ms, a position."""
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
"""What the engines can keep."""
SCROLL_DEPTH_MAX = 100.0
"""Percent."""

BATCH = 1000
"""Events in one batch."""
PROBLEMS = 50
"""Reported for one event; what is wrong beyond them shows when these are mended."""
