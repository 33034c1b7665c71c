"""Stock Rasa in the same run: its environment, its servers, its Elasticsearch."""
