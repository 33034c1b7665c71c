"""The names in Redis that channels and desk share. Every key of ours starts with ``qm:``."""

from zlib import crc32

PARTITIONS = 64
OUTBOUND = "qm:out"
DELIVERIES = "qm:deliveries"
MEDIA_WANTED = "qm:media-wanted"
REPLIES = "qm:replies"  # pub/sub: a reply key was set; account NUL message
ALIVE_WORKER = "qm:alive:worker"  # expires unless a worker says so again


def partition_of(account: str, external_id: str) -> int:
    """The partition that carries all of one citizen's messages at one account, in order."""
    return crc32(f"{account}\0{external_id}".encode()) % PARTITIONS


def inbound(partition: int) -> str:
    return f"qm:in:{partition}"


def seen(account: str, message_id: str) -> str:
    """Set in the same script that adds to the stream: the platform's retries find it."""
    return f"qm:seen:{account}:{message_id}"


def reply(account: str, message_id: str) -> str:
    """The Outbound that answers this message, for the exchange that waits and for its retries."""
    return f"qm:reply:{account}:{message_id}"


def claim(outbound: str) -> str:
    """Who sends an Outbound: the waiting exchange or the sender, never both."""
    return f"qm:claim:{outbound}"


def owner(conversation: str) -> str:
    """The conversation's owner epoch, mirrored for the sender's claim."""
    return f"qm:owner:{conversation}"


def quota(account: str, external_id: str, grant: str) -> str:
    """How many messages a citizen's act still allows; ends by itself. The agent is told of it."""
    return f"qm:quota:{grant}:{account}:{external_id}"


# What WeChat grants, by the act: a message, a tap. The desk shows the sum.
GRANTS = ("tap", "message")


def web_stream(account: str, external_id: str) -> str:
    """What a web citizen and the hotline said lately; goes when the citizen's words have to go."""
    return f"qm:web:{account}:{external_id}"
