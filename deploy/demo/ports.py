"""A port that somebody else holds is named before anything starts."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Port:
    number: int
    variable: str
    used_by: str


def faults(ports: Iterable[Port]) -> list[str]:
    """A sentence for each port that cannot be used, with the variable that mends it."""
    sentences = []
    taken: dict[int, Port] = {}
    for port in ports:
        if other := taken.get(port.number):
            sentences.append(
                f"port {port.number} is given to both {other.used_by} and {port.used_by}: "
                f"set {port.variable} to another"
            )
        elif not _is_free(port.number):
            sentences.append(
                f"port {port.number}, which {port.used_by} needs, is in use: "
                f"set {port.variable} to a free one"
            )
        taken[port.number] = port
    return sentences


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only fading out is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
