"""How Qianmen is set up and started: the demo's supervisor, Elasticsearch's starter, set-up."""
