"""A port that cannot be used is named with the variable that mends it."""

import socket

from deploy.demo.ports import Port, faults
from tests.ports import free_port


def test_free_ports_have_no_fault() -> None:
    first, second = free_port(), free_port()
    assert faults([Port(first, "A_PORT", "gateway"), Port(second, "B_PORT", "desk")]) == []


def test_a_busy_port_is_named_with_its_variable() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        (sentence,) = faults([Port(number, "QIANMEN_DESK_PORT", "desk")])
    assert sentence == (
        f"port {number}, which desk needs, is in use: set QIANMEN_DESK_PORT to a free one"
    )


def test_a_port_that_two_parts_want_is_named() -> None:
    number = free_port()
    (sentence,) = faults(
        [Port(number, "QIANMEN_DESK_PORT", "desk"), Port(number, "QIANMEN_RASA_PORT", "rasa")]
    )
    assert "both desk and rasa: set QIANMEN_RASA_PORT" in sentence
