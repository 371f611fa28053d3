"""Rules of every read, asked after the journeys: revalidation, pages, and nothing of anybody else's."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import httpx

from services.conformance.contract import Operation
from services.conformance.recorder import Recorder
from services.conformance.world import World

_MOST_PAGES = 20
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Reads:
    """Remembers the last read of each operation that succeeded, and who made it, to ask it again in other ways."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._last: dict[str, tuple[str, str | None]] = {}
        recorder.http.event_hooks = {"response": [self._remember]}

    def _remember(self, answer: httpx.Response) -> None:
        request = answer.request
        operation = self._recorder.contract.operation(request.method, request.url.path)
        if operation is not None and request.method == "GET" and answer.status_code == 200:
            target = request.url.raw_path.decode()
            self._last[operation.id] = (target, request.headers.get("authorization"))

    def ask_again(self, world: World) -> None:
        """Every rule for every operation that was read."""
        self._recorder.http.event_hooks = {"response": []}
        for operation in self._recorder.contract.operations:
            if operation.id in self._last:
                target, authorization = self._last[operation.id]
                headers = {"Authorization": authorization} if authorization else {}
                self._still_held(operation, target, headers)
                self._pages(operation, target, headers)
                if authorization:
                    self._by_nobody(operation, target)
                    self._by_an_outsider(world, operation, target)

    def _still_held(self, operation: Operation, target: str, headers: Mapping[str, str]) -> None:
        """What is held and has not changed is not sent again."""
        first = self._recorder.send("GET", target, headers=dict(headers))
        etag = first.headers.get("etag")
        if first.status_code == 200 and etag and operation.response(304) is not None:
            again = self._recorder.send("GET", target, headers={**headers, "If-None-Match": etag})
            changed = again.status_code == 200 and again.headers.get("etag") != etag
            self._recorder.require(
                again.status_code == 304 or changed, operation, "unchanged_is_304", str(again.status_code)
            )

    def _pages(self, operation: Operation, target: str, headers: Mapping[str, str]) -> None:
        """One at a time, to the end: nothing twice, and as much as in one page. A token of nobody's is refused."""
        if not (operation.takes("page_token", where="query") and operation.takes("page_size", where="query")):
            return
        path, _, query = target.partition("?")
        given = {name: values[0] for name, values in parse_qs(query).items() if name not in {"page_size", "page_token"}}
        answer = self._recorder.send("GET", path, headers=dict(headers), params=given | {"page_size": "100"})
        if answer.status_code != 200:  # the session of whoever read it has ended
            return
        whole = answer.json()
        seen: list[object] = []
        token: str | None = None
        for _ in range(_MOST_PAGES):
            params = given | {"page_size": "1"} | ({"page_token": token} if token else {})
            page = self._recorder.send("GET", path, headers=dict(headers), params=params).json()
            seen += page["items"]
            token = page.get("next_page_token")
            if not token:
                break
        expected = whole["items"][: len(seen)] if token else whole["items"]
        same = [_key(each) for each in seen] == [_key(each) for each in expected]
        self._recorder.require(same, operation, "pages_make_the_whole", f"{len(seen)} by one, {len(expected)} at once")
        odd = self._recorder.send("GET", path, headers=dict(headers), params=given | {"page_token": "conformance"})
        self._recorder.require(odd.status_code == 422, operation, "odd_page_token_refused", str(odd.status_code))

    def _by_nobody(self, operation: Operation, target: str) -> None:
        answer = self._recorder.send("GET", target)
        self._recorder.require(answer.status_code == 401, operation, "no_token_no_answer", str(answer.status_code))

    def _by_an_outsider(self, world: World, operation: Operation, target: str) -> None:
        """Rows out of scope do not exist: 404, or 403 where the role may do nothing of the kind."""
        if not _ID.search(urlsplit(target).path) or "outsider" not in world.accounts:
            return
        answer = self._recorder.send("GET", target, token=world.person("outsider").token)
        hidden = answer.status_code in {403, 404}
        self._recorder.require(hidden, operation, "not_yours_is_not_there", str(answer.status_code))


def _key(item: object) -> object:
    return item.get("id", str(sorted(item.items(), key=str))) if isinstance(item, dict) else item
