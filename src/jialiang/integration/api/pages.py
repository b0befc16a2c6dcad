"""The documentation pages of the door, set on the server: no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jialiang.integration.api.openapi import METHODS
from jialiang.integration.resolver.addresses import LANGUAGE_COOKIE, chosen_language

Document = Callable[[], dict[str, Any]]


def openapi_json(request: HttpRequest, document: Document) -> HttpResponse:
    """Answer with the OpenAPI 3.1 document."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return HttpResponse(json.dumps(document(), ensure_ascii=False), content_type="application/json")


def endpoints_page(request: HttpRequest, document: Document) -> HttpResponse:
    """Answer with every endpoint: what it does, what it takes, what it answers."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    told = document()
    page = _template("endpoints.html").render(
        language=_language(request), style=_style(), groups=_grouped(told), info=told["info"]
    )
    return _page(page)


def errors_page(request: HttpRequest) -> HttpResponse:
    """Answer with every error code and its words in both languages; each has an anchor of its own."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    page = _template("errors.html").render(language=_language(request), style=_style(), errors=_errors())
    return _page(page)


def _page(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_style_digest()}'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )
    return response


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("lang", "")
    if wanted in ("zh", "en"):
        return wanted
    cookie = f"{LANGUAGE_COOKIE}={request.COOKIES.get(LANGUAGE_COOKIE, '')}"
    return chosen_language(cookie, request.headers.get("Accept-Language", ""))


def _grouped(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                shown = _operation(path, method, methods[method], document)
                groups.setdefault(methods[method]["tags"][0], []).append(shown)
    return groups


def _operation(path: str, method: str, told: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    body = [
        {"media_type": media_type, "members": list(_members(content["schema"], document))}
        for media_type, content in told.get("requestBody", {}).get("content", {}).items()
    ]
    answers = {
        status: [*answer.get("content", {})]
        for status, answer in told["responses"].items()
        if str(status) < "4"
    }
    return {
        "id": told["operationId"],
        "path": path,
        "method": method.upper(),
        "summary": told["summary"],
        "description": told["description"],
        "parameters": told["parameters"],
        "body": body,
        "answers": answers,
        "is_public": not told.get("security"),
    }


def _members(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield name, type and need of the members of a body."""
    resolved = _resolved(schema, document)
    for name, member in resolved.get("properties", {}).items():
        needed = name in resolved.get("required", [])
        yield {
            "name": name,
            "type": _type(member),
            "required": needed,
            "words": member.get("description", ""),
        }


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type(arm) for arm in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")


@cache
def _errors() -> list[dict[str, Any]]:
    folder = resources.files("jialiang.kernel") / "error_texts"
    found: dict[str, Any] = {}
    for file in folder.iterdir():
        if file.name.endswith(".json"):
            found |= json.loads(file.read_text(encoding="utf-8"))
    return [{"code": code, **words} for code, words in sorted(found.items())]


@cache
def _style() -> Markup:
    file = resources.files("jialiang.integration.api") / "templates" / "docs.css"
    return Markup(file.read_text(encoding="utf-8"))  # noqa: S704 our own data


@cache
def _style_digest() -> str:
    return f"sha256-{base64.b64encode(sha256(_style().encode()).digest()).decode()}"


def _template(name: str) -> Any:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    loader = PackageLoader("jialiang.integration.api", "templates")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
