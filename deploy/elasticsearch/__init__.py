"""A real Elasticsearch on this machine for demo and tests: one node, loopback, no security.

For production give ELASTICSEARCH_URL. What is started here is never reachable from outside.
"""

from deploy.elasticsearch.distribution import CannotStart
from deploy.elasticsearch.node import part, port

__all__ = ["CannotStart", "part", "port"]
