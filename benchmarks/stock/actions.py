"""Stock Rasa's actions: a question is looked up in Elasticsearch, everything else is acknowledged.

Runs in Rasa's own action server (Python 3.10). The best hit is the answer.
"""

# Rasa's packages are only in its own environment.
# mypy: disable-error-code="import-not-found,misc"

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Any

from elasticsearch import AsyncElasticsearch
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

INDEX = os.environ["STOCK_INDEX"]
_client = AsyncElasticsearch(os.environ["STOCK_ELASTICSEARCH_URL"], request_timeout=10)


class Answer(Action):
    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        found = await _client.search(
            index=INDEX,
            query={
                "multi_match": {
                    "query": tracker.latest_message.get("text") or "",
                    "fields": ["questions", "answer^0.3"],
                }
            },
            size=3,
            source_includes=["answer"],
        )
        hits = found["hits"]["hits"]
        dispatcher.utter_message(text=hits[0]["_source"]["answer"] if hits else "没有查到。")
        return []


class _Acknowledged(Action, ABC):
    said = "收到。"

    @abstractmethod
    def name(self) -> str:
        """As the domain has it. Abstract, or the server would offer this one as well."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=self.said)
        return []


class TakeCase(_Acknowledged):
    def name(self) -> str:
        return "action_take_case"


class HandOver(_Acknowledged):
    def name(self) -> str:
        return "action_hand_over"


class Wait(_Acknowledged):
    def name(self) -> str:
        return "action_wait"


class CaseStatus(_Acknowledged):
    def name(self) -> str:
        return "action_case_status"


class Talk(_Acknowledged):
    def name(self) -> str:
        return "action_talk"


class Choose(_Acknowledged):
    def name(self) -> str:
        return "action_choose"


class NotUnderstood(_Acknowledged):
    def name(self) -> str:
        return "action_not_understood"
