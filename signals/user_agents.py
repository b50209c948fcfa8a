"""What a device is, from the User-Agent string it sent."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ua_parser import OS, Result, UserAgent, parse

DESKTOPS = frozenset(
    {"Windows", "Mac OS X", "Linux", "Chrome OS", "Ubuntu", "Fedora", "Debian", "Red Hat", "CentOS", "Arch Linux"}
    | {"Gentoo", "Mandriva", "Mint", "Kubuntu", "SUSE", "FreeBSD", "OpenBSD", "NetBSD", "Solaris", "Mac OS"}
)
PHONES = frozenset({"Windows Phone", "BlackBerry OS", "Symbian OS", "KaiOS", "Firefox OS", "Tizen", "HarmonyOS"})
READ_TO = 1024
"""Characters of the string that are looked at."""


@lru_cache(maxsize=8192)
def device(user_agent: str) -> dict[str, Any]:
    """A DeviceInput, to be left as it is: its type and, as far as the string tells, browser, browserVersion and os."""
    text = user_agent[:READ_TO]
    found = parse(text)
    os = {"os": _os(found.os)} if found.os else {}
    return {"type": _type(found, text), **_browser(found.user_agent), **os}


def _type(found: Result, text: str) -> str:
    os = found.os.family if found.os else ""
    family = found.device.family if found.device else ""
    if family == "Spider":
        return "OTHER"
    if family == "iPad" or "Tablet" in text:
        return "TABLET"
    if os == "Android":
        return "MOBILE" if "Mobile" in text or family == "Generic Smartphone" else "TABLET"
    if os == "iOS" or os in PHONES:
        return "MOBILE"
    return "DESKTOP" if os in DESKTOPS else "OTHER"


def _browser(agent: UserAgent | None) -> dict[str, str]:
    if agent is None:
        return {}
    version = ".".join(part for part in (agent.major, agent.minor) if part)
    return {"browser": agent.family, **({"browserVersion": version} if version else {})}


def _os(os: OS) -> str:
    return f"{os.family} {os.major}" if os.major else os.family
