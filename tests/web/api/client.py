"""A program that asks the API, and holds every answer to the document it was given."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import jsonschema_rs

from tests.web.browser import Answer, Browser

NOTHING: Mapping[str, str] = MappingProxyType({})
JSON = "application/json"


@dataclass(frozen=True)
class Client:
    """`token`: what it bears, if anything."""

    browser: Browser
    document: Mapping[str, Any]
    token: str = ""

    def ask(
        self, path: str, body: Any = None, headers: Mapping[str, str] = NOTHING, *, method: str = ""
    ) -> Answer:
        """An answer that is as the document says, whatever it is. A path without a slash is below
        /api/v1; a body that is no text is sent as JSON."""
        sent = {"content-type": JSON} if body is not None else {}
        if self.token:
            sent["authorization"] = f"Bearer {self.token}"
        method = method or ("GET" if body is None else "POST")
        path = path if path.startswith("/") else f"/api/v1/{path}"
        text = body if isinstance(body, str | None) else json.dumps(body)
        answer = self.browser.send(method, path, text, {**sent, **headers})
        self._hold(method.lower(), path.partition("?")[0], answer)
        return answer

    def get(self, path: str) -> Any:
        """What is answered, where all is well."""
        answer = self.ask(path)
        assert answer.status == 200, answer.text
        return json.loads(answer.text)

    def post(self, path: str, body: Any, headers: Mapping[str, str] = NOTHING) -> Any:
        answer = self.ask(path, body, headers)
        assert answer.status == 200, answer.text
        return json.loads(answer.text)

    def refused(
        self, path: str, body: Any = None, headers: Mapping[str, str] = NOTHING
    ) -> dict[str, Any]:
        """The problem that is told; its status stands in it."""
        answer = self.ask(path, body, headers)
        told: dict[str, Any] = json.loads(answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["status"] == answer.status
        return told

    def _hold(self, method: str, path: str, answer: Answer) -> None:
        operation = self._operation(method, path)
        if operation is None:
            return
        told = operation["responses"].get(str(answer.status))
        assert told is not None, f"{method} {path}: {answer.status} is not in the document"
        if "$ref" in told:
            told = self.document["components"]["responses"][told["$ref"].rpartition("/")[2]]
        media = answer.headers["content-type"].partition(";")[0]
        schema = told["content"][media]["schema"]
        value = json.loads(answer.text) if media.endswith("json") else answer.text
        whole = {**schema, "components": self.document["components"]}
        validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        mistakes = [f"{list(e.instance_path)}: {e.message}" for e in validator.iter_errors(value)]
        assert not mistakes, f"{method} {path}: {mistakes[:3]}"

    def _operation(self, method: str, path: str) -> Any:
        for template in sorted(self.document["paths"], key=len, reverse=True):
            if re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(template)), path):
                return self.document["paths"][template].get(method)
        return None
