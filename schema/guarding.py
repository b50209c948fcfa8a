"""How ``metadata`` and ``context`` are guarded here, by the settings."""

from __future__ import annotations

from schema.settings import Settings
from signals.errors import StartupError
from signals.forms import Check
from signals.guard import hashing, refusing
from signals.json_values import json_value
from signals.personal_data import Kinds, PersonalData


def guarded(settings: Settings) -> Check:
    """The check of what events carry beside their facts. Raises StartupError for a wrong table or a missing key."""
    if settings.metadata_guard == "off":
        return json_value
    kinds = Kinds(PersonalData.load(settings.personal_data))
    if settings.metadata_guard == "refuse":
        return refusing(json_value, kinds)
    key = settings.metadata_key.get_secret_value()
    if not key:
        raise StartupError(
            "SOCIOGRAPH_METADATA_GUARD is hash and there is no key to hash with. Set SOCIOGRAPH_METADATA_KEY to a "
            "long random text, the same for every process and for good: `openssl rand -hex 32` makes one."
        )
    return hashing(json_value, kinds, key.encode())
