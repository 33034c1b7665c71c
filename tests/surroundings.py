"""What the tests run in: a home of their own, a Redis of their own, no encoder, no `.env`.

Loaded before anything reads a setting (see `addopts`).
"""

import os
import tempfile

from tests.ports import free_port

HOME = tempfile.TemporaryDirectory(prefix="qianmen-tests-")
REDIS_PORT = free_port()

for name in [name for name in os.environ if name.startswith("QIANMEN_")]:
    del os.environ[name]
os.environ |= {
    "QIANMEN_HOME": HOME.name,
    "QIANMEN_ENV": "demo",
    "QIANMEN_ENCODER": "none",
    "REDIS_URL": f"redis://127.0.0.1:{REDIS_PORT}",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
    "ELASTICSEARCH_URL": "",
    "SECRET_KEY": "of the tests",
    "DJANGO_SETTINGS_MODULE": "desk.settings",
    # Playwright's loop runs beside Django in the journeys.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
