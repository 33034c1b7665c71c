"""`python -m desk.serve`: the desk's web server, on loopback."""

from __future__ import annotations

import uvicorn

from environment.logs import configure_logs
from environment.settings import read_settings


def main() -> None:
    settings = read_settings()
    configure_logs(settings.log)
    uvicorn.run(
        "desk.asgi:application",
        host="127.0.0.1",
        port=settings.desk_port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=65,  # longer than the pauses between two questions of an open page
        # Open live streams never end by themselves.
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
