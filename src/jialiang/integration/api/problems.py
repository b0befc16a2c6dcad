"""Errors as answers: RFC 9457 problem details with our codes, in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from jialiang.integration.resolver.addresses import chosen_language
from jialiang.kernel.errors import InvalidInput, JialiangError, NotAllowed, NotFound, TooMany
from jialiang.kernel.text import Text

MEDIA_TYPE = "application/problem+json"
ERROR_PAGE = "/docs/errors"
TITLES: Mapping[int, Text] = {
    400: Text("请求无法读懂", "The request cannot be read"),
    401: Text("需要证明身份", "Not signed in"),
    403: Text("没有权限", "Not allowed"),
    404: Text("没有找到", "Not found"),
    405: Text("此地址不支持该方法", "Method not supported here"),
    406: Text("没有所要的格式", "Not available in this form"),
    409: Text("事情的状态不允许", "Things stand otherwise"),
    412: Text("前提已不成立", "The precondition no longer holds"),
    413: Text("内容过大", "Too large"),
    415: Text("不接受此格式", "Form not accepted"),
    422: Text("输入有问题", "The input breaks a rule"),
    428: Text("缺少前提", "A precondition is needed"),
    429: Text("次数过多", "Too often"),
    500: Text("程序出错", "A fault of the program"),
    503: Text("暂时不可用", "Not available now"),
}


class InputRejected(InvalidInput):
    """Members of the request do not fit the interface; facts: ``members``; each is told in ``errors``."""

    code = "JL-API-001"


class BodyUnreadable(InvalidInput):
    """The body is not what its media type says; facts: ``reason``."""

    code = "JL-API-002"
    http_status = 400


class SignInNeeded(NotAllowed):
    """Nobody is signed in: neither token nor session."""

    code = "JL-API-003"
    http_status = 401


class AddressUnknown(NotFound):
    """There is nothing at this address; facts: ``address``."""

    code = "JL-API-004"


class MethodUnknown(InvalidInput):
    """The address does not take this method; facts: ``method``, ``allowed``."""

    code = "JL-API-005"
    http_status = 405


class FormNotOffered(InvalidInput):
    """The answer does not come in the form that Accept asks for; facts: ``accept``, ``offered``."""

    code = "JL-API-006"
    http_status = 406


class BodyTooLarge(InvalidInput):
    """The body is larger than this installation takes; facts: ``size``, ``largest``."""

    code = "JL-API-007"
    http_status = 413


class FormNotAccepted(InvalidInput):
    """The body comes in a form that is not read here; facts: ``given``, ``accepted``."""

    code = "JL-API-008"
    http_status = 415


class FormNotTrusted(NotAllowed):
    """A change by session came without the token against forged requests."""

    code = "JL-API-009"


class BadKey(InvalidInput):
    """The idempotency key cannot be used; facts: ``longest``."""

    code = "JL-API-010"


class VersionNeeded(InvalidInput):
    """A change has to say from which version it starts."""

    code = "JL-API-013"
    http_status = 428


class VersionPassed(InvalidInput):
    """The thing is no longer as it was read; facts: ``read``, ``stored``."""

    code = "JL-API-014"
    http_status = 412


class TagUnknown(InvalidInput):
    """If-Match holds no tag that was given here; facts: ``given``, the first."""

    code = "JL-API-021"
    http_status = 412


class TooOften(TooMany):
    """A stranger asked too often; facts: ``seconds``."""

    code = "JL-API-015"


class UnexpectedFault(JialiangError):
    """Something failed that should not have; the log of the installation has the rest."""

    code = "JL-API-016"


class DocumentsMiscounted(InvalidInput):
    """Another number of documents came than the operation takes; facts: ``given``, ``accepted``."""

    code = "JL-API-020"


def problem(
    request: HttpRequest, error: JialiangError, *, errors: Sequence[Mapping[str, Any]] = ()
) -> HttpResponse:
    """Answer an error; the language of ``title`` and ``detail`` follows Accept-Language."""
    language = chosen_language("", request.headers.get("Accept-Language", ""))
    words = error.to_json()
    status = error.http_status
    body = {
        "type": f"{ERROR_PAGE}#{error.code}",
        "title": TITLES[status if status in TITLES else 500].in_language(language),
        "status": status,
        "detail": f"{error.what.in_language(language)} {error.way_out.in_language(language)}".strip(),
        **words,
        **({"errors": list(errors)} if errors else {}),
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    response["Content-Language"] = "zh-Hans" if language == "zh" else "en"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="jialiang"'
    if "seconds" in error.facts:
        response["Retry-After"] = str(error.facts["seconds"])
    return response
