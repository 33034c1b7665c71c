"""Weighs the runs of one to a few characters in a message, and how it asks.

One row a message is all that the classifier reads, so no row a character is made: the time of a
long message stays small.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

# What a long message begins and ends with says what it wants; the middle is the story.
_HEAD, _TAIL = 120, 60
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[0-9]+")
_FULL_WIDTH = {ord("！"): "!", ord("？"): "?", ord("，"): ",", ord("．"): ".", ord("　"): " "}
# Talk is short and a demand is not: how long a message is, in steps that grow.
_LENGTHS = (2, 4, 7, 11, 18, 30, 60)
_SIGNS = (
    re.compile(r"\?"),
    re.compile(r"(?:吗|呢|么|嘛|不|没有?|没)[?。!,~]*$"),
    re.compile(r"怎么(?!还|又|没人|不管)|如何|咋(?!还)|怎样|啥|什么"),
    re.compile(
        r"多少|多久|几[天号点个次年]|什么时候|啥时候|哪[里儿些个]|在哪|去哪|找谁|归谁|谁管|归.{1,12}还是"
    ),
    re.compile(r"能不能|可不可以|是否|能否|有没有|要不要|需不需要|是不是|可以.{0,12}吗"),
    re.compile(r"^(?:请问|想问|咨询|我想了解|问一下|想咨询|我想咨询|麻烦问)"),
    re.compile(
        r"一直|天天|每天|每晚|经常|长期|严重|至今|没人管|无人|不管|反映|反应了|还是没|受不了|影响"
    ),
    re.compile(r"希望.{0,16}(?:处理|解决|部门|管)|请.{0,10}(?:处理|解决|查处|管管)|赶紧|尽快"),
    re.compile(r"!"),
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharacterNgrams(SparseFeaturizer, GraphComponent):
    """Term weights of character n-grams and a few signs of asking or complaining."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            **SparseFeaturizer.get_default_config(),
            "longest": 3,
            # An n-gram of fewer examples is noise.
            "fewest_examples": 2,
            # Stands in for the regularisation that Rasa's classifier does not let us set.
            "strength": 5.0,
            "sign_weight": 1.5,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing that could be wrong in a way that training would not show."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        storage: ModelStorage,
        resource: Resource,
        weights: dict[str, float] | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._learn(weights or {})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CharacterNgrams:
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> CharacterNgrams:
        with model_storage.read_from(resource) as folder:
            weights = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
        return cls(config, execution_context.node_name, model_storage, resource, weights)

    def train(self, training_data: TrainingData) -> Resource:
        texts = [example.get(TEXT) for example in training_data.intent_examples]
        seen = Counter(gram for text in texts if text for gram in set(self._grams(text)))
        self._learn(
            {
                gram: math.log((1 + len(texts)) / (1 + count)) + 1
                for gram, count in sorted(seen.items())
                if count >= self._config["fewest_examples"]
            }
        )
        with self._storage.write_to(self._resource) as folder:
            (folder / "weights.json").write_text(
                json.dumps(self._weights, ensure_ascii=False), encoding="utf-8"
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.add_features(
                Features(
                    self._row(message.get(TEXT) or ""),
                    FEATURE_TYPE_SENTENCE,
                    TEXT,
                    self._identifier,
                )
            )
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _learn(self, weights: dict[str, float]) -> None:
        self._weights = weights
        self._columns = {gram: column for column, gram in enumerate(weights)}

    def _row(self, text: str) -> scipy.sparse.csr_matrix:
        counts = Counter(gram for gram in self._grams(text) if gram in self._columns)
        values = {
            self._columns[gram]: (1 + math.log(count)) * self._weights[gram]
            for gram, count in counts.items()
        }
        length = math.sqrt(sum(value * value for value in values.values())) or 1.0
        strength = self._config["strength"]
        row = {column: strength * value / length for column, value in values.items()}
        row.update(self._signs(text))
        columns = np.fromiter(row.keys(), dtype=np.int32, count=len(row))
        cells = np.fromiter(row.values(), dtype=np.float64, count=len(row))
        return scipy.sparse.csr_matrix(
            (cells, (np.zeros(len(row), dtype=np.int32), columns)),
            shape=(1, len(self._columns) + len(_SIGNS) + len(_LENGTHS) + 1),
        )

    def _signs(self, text: str) -> dict[int, float]:
        plain = _plain(text)
        first = len(self._columns)
        present = [first + place for place, sign in enumerate(_SIGNS) if sign.search(plain)]
        present.append(first + len(_SIGNS) + bisect_left(_LENGTHS, len(plain)))
        return dict.fromkeys(present, self._config["sign_weight"])

    def _grams(self, text: str) -> Iterator[str]:
        plain = f"^{_plain(text)}$"
        for size in range(1, self._config["longest"] + 1):
            for start in range(len(plain) - size + 1):
                yield plain[start : start + size]


def _plain(text: str) -> str:
    """Lower case, half-width signs, numbers alike, no blanks, and no more than is needed."""
    text = _NUMBER.sub("0", _SPACE.sub("", text.translate(_FULL_WIDTH).lower()))
    return text if len(text) <= _HEAD + _TAIL else text[:_HEAD] + text[-_TAIL:]
