"""An error of any kind with every fact that its words name."""

from __future__ import annotations

import json
import re

from jialiang.kernel.errors import JialiangError, error_texts


def an_error(kind: type[JialiangError], **known: object) -> JialiangError:
    """Return an error of a kind, its facts ``x`` but for those that are known."""
    words = json.dumps(error_texts(kind.code.split("-")[1]).get(kind.code, {}))
    facts: dict[str, object] = dict.fromkeys(re.findall(r"{(\w+)}", words), "x")
    return kind(**{**facts, **known})
