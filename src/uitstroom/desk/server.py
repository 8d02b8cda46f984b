"""The desk served by gunicorn, in this process and the workers that it starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]


class Server(BaseApplication):  # type: ignore[misc]
    """Serves until it is stopped. `ready` is called once it listens."""

    def __init__(self, bind: str, workers: int, threads: int, ready: Callable[[], None] | None = None) -> None:
        self._settings: dict[str, Any] = {
            "bind": bind, "workers": workers, "threads": threads, "worker_class": "gthread", "timeout": 60,
            "loglevel": "warning", "limit_request_line": 4094, "when_ready": lambda _: ready() if ready else None,
        }  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()
