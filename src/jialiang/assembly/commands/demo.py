"""``jialiang demo``: a fresh installation on embedded defaults, the main job run in it, and the console served."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from jialiang.assembly.cli import language
from jialiang.assembly.django_start import start_django

WORDS = {
    "zh": {
        "files": "文件在 {folder}",
        "line": "  {file:<22} {verdict}",
        "check": "查验地址：{url}",
        "seconds": "主业务用时 {seconds} 秒",
        "serve": "控制台 http://localhost:{port}   登录：",
        "wrong": "查验器对 {file} 的结论与应有的不同。",
    },
    "en": {
        "files": "Files are in {folder}",
        "line": "  {file:<22} {verdict}",
        "check": "Check it at {url}",
        "seconds": "The main job took {seconds} s",
        "serve": "Console http://localhost:{port}   sign in as:",
        "wrong": "The checker did not say of {file} what it should.",
    },
}


def run(arguments: argparse.Namespace) -> int:
    """Run the main job, print where the files lie and what the checker said. Returns 1 if a verdict is not as meant."""
    folder: Path = arguments.out.resolve()
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    kept = {name: text for name, text in os.environ.items() if not name.startswith("JIALIANG_")}
    wanted = kept | _environment(data)  # reads PORT, so it comes before the environment is emptied
    os.environ.clear()
    os.environ.update(wanted)
    start_django()
    demonstration = importlib.import_module("jialiang.assembly.demonstration")
    report: dict[str, Any] = demonstration.run(folder)
    chosen = WORDS[language(arguments)]
    wrong = [entry["file"] for entry in report["verdicts"] if entry["verdict"] != entry["shows"]]
    if arguments.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        _print(report, folder, chosen, wrong)
    if arguments.once or wrong:
        return 1 if wrong else 0
    demonstration.ready_to_serve()
    _say(chosen["serve"].format(port=os.environ["JIALIANG_PORT"]))
    for username, roles in demonstration.sign_ins():
        _say(f"  {username:<14} {demonstration.PASSWORD}   {roles.in_language(language(arguments))}")
    status: int = importlib.import_module("jialiang.assembly.commands.serve").run(
        argparse.Namespace(front_only=False, lang=arguments.lang)
    )
    return status


def _environment(data: Path) -> dict[str, str]:
    port = os.environ.get("PORT", "8000")
    return {
        "JIALIANG_DEMO": "1",
        "JIALIANG_DATA_DIR": str(data),
        "JIALIANG_PORT": port,
        "JIALIANG_NATIVE_PORT": os.environ.get("NATIVE_PORT", "0"),
        "JIALIANG_PUBLIC_URL": f"http://localhost:{port}",
    }


def _print(report: dict[str, Any], folder: Path, words: dict[str, str], wrong: list[str]) -> None:
    _say(words["files"].format(folder=folder))
    for entry in report["verdicts"]:
        _say(words["line"].format(**entry))
    _say(words["check"].format(url=report["check_url"]))
    _say(words["seconds"].format(seconds=report["seconds"]))
    for file in wrong:
        _say(words["wrong"].format(file=file))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
