"""What the bot counts about its searches; shown with the other processes' figures."""

from __future__ import annotations

from prometheus_client import Counter

SEARCHES = Counter("qianmen_searches", "Questions looked up in the index", ["outcome"])
ENCODER_CALLS = Counter("qianmen_encoder_calls", "Questions that had to be turned into a vector")
ENCODER_CACHE_HITS = Counter("qianmen_encoder_cache_hits", "Questions whose vector was at hand")
