"""An answer as WeChat shows it: the messages that it is cut into, by the code that will cut it."""

from __future__ import annotations

from dataclasses import dataclass

from actions.answer import reply_of
from kb_index.article import Article
from kb_index.hits import hit_of
from wire.messages import Part
from wire.wechat import LIMIT, cut_parts


@dataclass(frozen=True)
class Phone:
    bubbles: list[str]
    characters: int  # of the answer alone
    bytes: int  # of all that is sent, source line and all
    limit: int = LIMIT  # bytes of one message


def on_the_phone(article: Article) -> Phone:
    """The whole answer with its source line. What is sent of a long one is the part asked for."""
    text = reply_of(hit_of(article, 1.0)).text.strip()
    bubbles = [piece.text for piece in cut_parts([Part(text=text)])]
    return Phone(bubbles, len(article.answer), len(text.encode()))
