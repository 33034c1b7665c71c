"""Shorter ways through Rasa for what every turn does again, with the same results.

Rasa plans its graph anew for each run, compares each rule with each state, and opens a connection
for each action. Here every turn is the first of its conversation, so all of it repeats.
"""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any

import aiohttp
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

# Below the action server's five seconds, so that no connection is used that it is closing.
_KEPT_SECONDS = 2.0
_ACTION_SECONDS = 10.0  # the router waits three
_REMEMBERED = 4096

Step = tuple[str, GraphNode, tuple[str, ...]]


def take_shortcuts() -> None:
    """For this process, before its model is loaded."""
    _run_graphs_in_a_planned_order()
    _remember_which_rules_fit()
    _know_that_the_domain_is_not_empty()


def keep_connections(endpoint: EndpointConfig) -> None:
    """One client for all calls of the action server instead of one for each."""
    kept = _KeptSession()
    endpoint.session = lambda: kept  # type: ignore[method-assign,assignment]


def _run_graphs_in_a_planned_order() -> None:
    """Rasa's own runner asks Dask, which orders the same few nodes again for each message."""

    def run(
        self: DaskGraphRunner,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        plans: dict[tuple[str, ...], list[Step]] = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = _plan(self, wanted)
        found: dict[str, tuple[str, Any]] = {
            name: (name, value) for name, value in (inputs or {}).items()
        }
        for name, node, needs in plans[wanted]:
            found[name] = node(*(found[need] for need in needs))
        return {name: found[name][1] for name in wanted}

    DaskGraphRunner.run = run  # type: ignore[method-assign]


def _plan(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[Step]:
    """The nodes that the targets need, each after those that it needs itself."""
    schema: GraphSchema = runner._graph_schema.minimal_graph_schema(list(wanted))
    steps: dict[str, Step] = {}

    def add(name: str) -> None:
        if name in steps or name not in schema.nodes:  # the latter is an input
            return
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            add(need)
        steps[name] = (name, runner._instantiated_nodes[name], needs)

    for name in wanted:
        add(name)
    return list(steps.values())


def _remember_which_rules_fit() -> None:
    """There are a few hundred states: stages times intents times the action before."""
    compare = RulePolicy._get_possible_keys

    def _get_possible_keys(
        self: RulePolicy, lookup: dict[str, str], states: list[dict[str, Any]]
    ) -> set[str]:
        if any("text" in state.get("user", {}) for state in states):
            return compare(self, lookup, states)  # a citizen's words are not to be remembered
        remembered: dict[tuple[int, str], frozenset[str]]
        remembered = self.__dict__.setdefault("_rules_that_fit", {})
        key = id(lookup), json.dumps(states, sort_keys=True)
        if key not in remembered:
            if len(remembered) >= _REMEMBERED:
                remembered.clear()
            remembered[key] = frozenset(compare(self, lookup, states))
        return set(remembered[key])

    RulePolicy._get_possible_keys = _get_possible_keys  # type: ignore[method-assign]


def _know_that_the_domain_is_not_empty() -> None:
    """Rasa builds an empty domain at each message, to see that the one in use is another."""
    compare = Domain.is_empty

    def is_empty(self: Domain) -> bool:
        if "_is_empty" not in self.__dict__:
            self.__dict__["_is_empty"] = compare(self)
        return bool(self.__dict__["_is_empty"])

    Domain.is_empty = is_empty  # type: ignore[method-assign]


class _KeptSession:
    """Looks like a session that is opened and closed around each request, and stays open."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_SECONDS)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=_ACTION_SECONDS)
            )
        return self._session

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kept: the next action goes the same way."""
