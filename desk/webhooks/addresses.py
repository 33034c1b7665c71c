"""Where a webhook may go: out, over https, and into the networks that the set-up names. Inside this
machine and its network are our own services, which would take a request from us for a friend's. The
demo may speak to itself.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 500
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class BadAddress(ValueError):
    """An address that is not called; the message is for the person who typed it."""


class Unreachable(Exception):
    """A name that leads nowhere, or (`is_private`) where nothing may be sent."""

    def __init__(self, *, is_private: bool) -> None:
        super().__init__()
        self.is_private = is_private


def checked(url: str) -> str:
    """An address that may be kept. Raises `BadAddress`. Where its name leads is looked up anew
    with each call: see `resolve`."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadAddress(_("This is no web address: %s") % url[:100]) from error
    if not host or len(url) > LONGEST or not url.isascii() or any(c <= " " for c in url):
        raise BadAddress(_("This is no web address: %s") % url[:100])
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress(_("The address must hold no name, no password and no #."))
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.QIANMEN.is_demo):
        raise BadAddress(_("The address must begin with https://."))
    if not settings.QIANMEN.is_demo and _is_surely_inside(host):
        raise BadAddress(_("This address lies in a private network, where nothing is sent."))
    return url


async def resolve(host: str, port: int) -> str:
    """The address of a name, to be called as it was checked: a second look-up may answer
    otherwise. Raises `Unreachable`."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(is_private=False) from error
    addresses = sorted((str(one[4][0]) for one in found), key=lambda one: ":" in one)
    if not settings.QIANMEN.is_demo and not all(may_be_called(one) for one in addresses):
        raise Unreachable(is_private=True)
    return addresses[0]


def may_be_called(address: str) -> bool:
    """Whether an IP address is public, or of one of the `WEBHOOK_NETWORKS`."""
    if is_public(address):
        return True
    ip = ipaddress.ip_address(address.partition("%")[0])
    return any(ip in network for network in settings.WEBHOOK_NETWORKS)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network; one inside another counts as the inner."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _is_surely_inside(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not may_be_called(host)
    except ValueError:  # a name; where it leads is looked at before each call
        return host.endswith((".local", ".internal")) and not settings.WEBHOOK_NETWORKS
