"""Addresses that lead to this machine and to no other."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an IP address. Raises ValueError for what is none."""
    parsed = ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


def is_here(host: str) -> bool:
    """Whether the host of a URL is this machine for certain."""
    try:
        return host == "localhost" or is_loopback(host)
    except ValueError:
        return False
