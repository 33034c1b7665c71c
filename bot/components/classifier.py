"""Rasa's logistic regression, told of one row a message instead of gathering it.

What it learns and answers is the same. Its own way copies all features of a message and puts
matrices of one row together, and multiplies with coefficients that lie the wrong way round in
memory: a third of what a turn costs in this process.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, vstack


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(LogisticRegressionClassifier):
    """Reads the one sentence row that `CharacterNgrams` makes."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceClassifier:
        component = super().load(config, model_storage, resource, execution_context, **kwargs)
        coefficients = getattr(component.clf, "coef_", None)
        if coefficients is not None:
            # The product transposes them, and copies them if they do not lie that way.
            component.clf.coef_ = np.asfortranarray(coefficients)
        return component

    def _create_X(self, messages: list[Message]) -> csr_matrix:
        rows = [_row(message) for message in messages]
        return rows[0] if len(rows) == 1 else vstack(rows, format="csr")


def _row(message: Message) -> csr_matrix:
    [features] = message.features
    return features.features
