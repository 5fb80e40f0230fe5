"""The server of ``dedup explore``: loopback only, reading only."""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from dedup.reports.stored_result import StoredResult

__all__ = ["serve"]

_LOOPBACK = "127.0.0.1"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def serve(stored: "StoredResult", port: int) -> ThreadingHTTPServer:
    """Return a server for a result, bound to loopback and not yet running.

    Parameters
    ----------
    port : int
        0 takes a free one.
    """

    class Handler(_Handler):
        result = stored

    return ThreadingHTTPServer((_LOOPBACK, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET for the page and its three kinds of question."""

    result: "StoredResult"

    def do_GET(self) -> None:
        """Answer a request."""
        if not self._is_asked_by_name():
            self._send(HTTPStatus.FORBIDDEN, "text/plain", b"This server answers to loopback only.")
            return
        path = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(path.query).items()}
        if path.path == "/":
            page = self.result.shell.encode("utf-8", "replace")
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", page)
        elif path.path == "/api/index":
            self._send_json(self.result.index)
        elif path.path == "/api/clusters":
            self._send_json(self._clusters(asked))
        elif path.path == "/api/fragment":
            self._send_json({"markup": self.result.fragment(asked.get("route", ""))})
        else:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"No such page.")

    def _is_asked_by_name(self) -> bool:
        """Whether the Host header is this server's own: another site's name is rebound."""
        port = self.connection.getsockname()[1]
        return self.headers.get("Host") in (f"{_LOOPBACK}:{port}", f"localhost:{port}")

    def _clusters(self, asked: dict[str, str]) -> dict[str, object]:
        return self.result.listed(
            words=asked.get("words", "").split(),
            source=_number(asked.get("source")),
            kind=_number(asked.get("kind")),
            sort=asked.get("sort", "size"),
            is_down=asked.get("down") != "0",
            page=_number(asked.get("page")) or 0,
        )

    def _send_json(self, value: object) -> None:
        self._send(HTTPStatus.OK, "application/json", json.dumps(value).encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: a page's requests are nobody's news."""


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
