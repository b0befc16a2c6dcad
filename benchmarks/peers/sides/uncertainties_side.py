"""uncertainties (BSD), in its own environment: values, u and correlations; it knows no degrees of freedom."""

import math

import uncertainties
from speaking import NotComparable, evaluated, matrix, number, pairs, speak
from uncertainties import umath

FUNCTIONS = {
    name: getattr(umath, name)
    for name in (
        *("sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}
SHARE = {"rectangular": math.sqrt(3), "triangular": math.sqrt(6), "arcsine": math.sqrt(2)}


def answer(model):
    if model["complex"]:
        raise NotComparable("no complex quantities")
    items = model["inputs"]
    spread = [i["u"] if "u" in i else i["half_width"] / SHARE[i["distribution"]] for i in items]
    names = [i["name"] for i in items]
    if model["correlation"]:
        pairs_of = [(i["estimate"], u) for i, u in zip(items, spread, strict=True)]
        found = uncertainties.correlated_values_norm(pairs_of, matrix(names, model["correlation"]))
    else:
        found = [uncertainties.ufloat(i["estimate"], u) for i, u in zip(items, spread, strict=True)]
    outputs = evaluated(model, FUNCTIONS, dict(zip(names, found, strict=True)))
    told = {n: {"value": number(y.n), "u": number(y.s)} for n, y in outputs.items()}
    return {
        "outputs": told,
        "correlation": pairs(outputs, lambda a, b: uncertainties.correlation_matrix([a, b])[0][1]),
    }


speak(answer, uncertainties.__version__)
