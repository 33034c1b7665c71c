"""Reads the turn that travels with a message: the stage for the rules, and a tapped option.

The turn is `actions/protocol.py`'s; only two things of it are read here.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA
from rasa.shared.nlu.training_data.message import Message

STAGES = frozenset({"none", "collecting", "confirming", "queueing"})
CHOOSE = "choose"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TurnReader(GraphComponent, IntentClassifier):
    """Turns the metadata's stage into an entity (and so a slot), its choice into an intent."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TurnReader:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            turn = message.get(METADATA)
            if not isinstance(turn, dict):
                continue
            message.set(ENTITIES, [_stage_entity(stage_of(turn))], add_to_output=True)
            if turn.get("choice"):
                message.set(INTENT, {"name": CHOOSE, "confidence": 1.0}, add_to_output=True)
        return messages


def stage_of(turn: dict[str, Any]) -> str:
    """Where the conversation stands, as `Turn.stage` says it."""
    if turn.get("waiting"):
        return "queueing"
    draft = turn.get("draft")
    stage = draft.get("stage") if isinstance(draft, dict) else turn.get("stage")
    return stage if stage in STAGES else "none"


def _stage_entity(stage: str) -> dict[str, Any]:
    return {
        "entity": "stage",
        "value": stage,
        "start": 0,
        "end": 0,
        "confidence_entity": 1.0,
        "extractor": "TurnReader",
    }
