"""``jialiang uncertainty evaluate | convert | input``: need no installation, only the budget document."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from jialiang.assembly.command_errors import FileUnreadable, NotWritable, OutputMissing
from jialiang.assembly.saying import say
from jialiang.formats.budget_exchange.certificate_input import input_of_certificate
from jialiang.formats.budget_exchange.exchange import read_budget, write_budget
from jialiang.kernel.text import Text
from jialiang.science.documents.errors import NotANumberOfDraws
from jialiang.science.documents.evaluating import DocumentEvaluation, evaluate_document
from jialiang.science.documents.reading import BudgetDocument, read_document, with_settings
from jialiang.science.documents.results import result_to_plain
from jialiang.science.documents.statements import statement
from jialiang.science.documents.text import document_from_bytes

STDIN = "-"


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for. Returns 0; the verdict on the law of propagation is part of what is printed."""
    return {"evaluate": _evaluate, "convert": _convert, "input": _input}[arguments.deed](arguments)


def _evaluate(arguments: argparse.Namespace) -> int:
    document = _with_words(read_document(document_from_bytes(_bytes_of(arguments.file))), arguments)
    evaluation = evaluate_document(document)
    say(arguments, result_to_plain(evaluation), _lines(evaluation))
    return 0


def _convert(arguments: argparse.Namespace) -> int:
    """Write the budget in another notation, to a file or to standard output."""
    if arguments.json and arguments.out is None:
        raise OutputMissing(command="uncertainty convert")
    document = read_budget(_bytes_of(arguments.file), arguments.notation)
    written = write_budget(document, arguments.to)
    if arguments.out is None:
        sys.stdout.buffer.write(written)
        return 0
    try:
        arguments.out.write_bytes(written)
    except OSError as problem:
        raise NotWritable(file=str(arguments.out), reason=problem.strerror or str(problem)) from problem
    told = {"file": str(arguments.out), "bytes": len(written), "notation": arguments.to}
    words = f"{arguments.out} ({len(written)} B)"
    say(arguments, told, [Text(words, words)])
    return 0


def _input(arguments: argparse.Namespace) -> int:
    """Print the input as JSON, to be put among the inputs of a document."""
    found = input_of_certificate(_bytes_of(arguments.file), arguments.quantity, arguments.name)
    shown = json.dumps(found, ensure_ascii=False, indent=2)
    say(arguments, found, [Text(shown, shown)])
    return 0


def _with_words(document: BudgetDocument, arguments: argparse.Namespace) -> BudgetDocument:
    """Let the words of the command line go before the settings of the document."""
    changed = with_settings(
        document,
        method=arguments.method,
        seed=arguments.seed,
        probability=arguments.probability,
        digits=arguments.digits,
    )
    if arguments.draws is None:
        return changed
    if arguments.draws == "adaptive":
        return with_settings(changed, draws_adaptive=True)
    try:
        return with_settings(changed, draws=int(arguments.draws))
    except ValueError as problem:
        raise NotANumberOfDraws(given=arguments.draws) from problem


def _bytes_of(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
    except OSError as problem:
        raise FileUnreadable(file=file, reason=problem.strerror or str(problem)) from problem


def _lines(evaluation: DocumentEvaluation) -> Iterator[Text]:
    for name, found in evaluation.outputs.items():
        yield statement(found, evaluation.settings)
        for row in found.propagation.contributions if found.propagation else ():
            line = (
                f"    {row.input_quantity.symbol:<16} u = {row.input_quantity.standard_uncertainty:<12.6g} "
                f"c = {row.sensitivity:<12.6g} c·u = {row.contribution:<12.6g} {100 * row.share:6.2f} %"
            )
            yield Text(line, line)
        verdict = evaluation.validation.get(name)
        if verdict is not None:
            facts = f"d_low = {verdict.d_low:.3g}, d_high = {verdict.d_high:.3g}, δ = {verdict.delta:.3g}"
            holds = "得到" if verdict.validated else "未得到"
            yield Text(
                f"    不确定度传播律{holds}蒙特卡洛法验证（{facts}，{verdict.draws} 次抽样）",
                f"    The law of propagation is {'' if verdict.validated else 'not '}validated by Monte Carlo "
                f"({facts}, {verdict.draws} draws)",
            )
    yield from evaluation.document.notes
