"""The names in Redis that only channels use; what is shared with the desk is in `wire.keys`."""

from hashlib import sha256

from wire.keys import web_stream as web_stream

WEB_CHANNEL = "qm:web"  # pub/sub: a web citizen's stream grew; account NUL citizen
SENDER_GROUP = "sender"
SENDER_LEASE = "qm:lease:sender"
ALIVE_SENDER = "qm:alive:sender"


def name(account: str, own: str) -> bytes:
    """How a message or a citizen is named on a pub/sub channel."""
    return f"{account}\0{own}".encode()


def rate(account: str, external_id: str) -> str:
    return f"qm:rate:{account}:{external_id}"


def rate_of_address(account: str, address: str) -> str:
    """Addresses are personal data: kept as a digest."""
    return f"qm:rate-address:{account}:{sha256(address.encode()).hexdigest()[:20]}"


def web_sent(outbound: str) -> str:
    """Set when an Outbound was put on its citizen's stream: a second time does nothing."""
    return f"qm:web-sent:{outbound}"


def token(account: str) -> str:
    return f"qm:wechat-token:{account}"


def token_lock(account: str) -> str:
    return f"qm:wechat-token-lock:{account}"


def long_option(account: str, digest: str) -> str:
    return f"qm:telegram-option:{account}:{digest}"


def polling_lease(account: str) -> str:
    return f"qm:lease:polling:{account}"
