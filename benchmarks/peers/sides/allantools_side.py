"""allantools (LGPL-3), in its own environment: deviations, equivalent ν, intervals, noise."""

import contextlib
import io

import allantools
import numpy
from allantools import ci
from speaking import number, speak

D = {"adev": 2, "oadev": 2, "mdev": 2, "tdev": 2, "hdev": 3, "ohdev": 3}
OVERLAPPING, MODIFIED = ("oadev", "mdev", "tdev", "ohdev"), ("mdev", "tdev")


def degrees(kind, record, m):
    count = len(record["phase"])
    if kind == "totdev":
        return ci.edf_totdev(count, m, record["alpha"])
    return ci.edf_greenhall(
        record["alpha"], D[kind], m, count, overlapping=kind in OVERLAPPING, modified=kind in MODIFIED
    )


def full_sum(kind, record, m):
    """The same sum without the shortcuts of the default: allantools has it as a function of its own."""
    count, d = len(record["phase"]), D[kind]
    stride, factor = (m if kind in OVERLAPPING else 1), (1 if kind in MODIFIED else m)
    return ci.edf_greenhall_simple(record["alpha"], d, m, stride, factor, count)


def row(kind, record, m):
    function = getattr(allantools, kind)
    tau = m * record["tau0"]
    try:
        _, found, _, _ = function(
            numpy.array(record["phase"]), rate=1 / record["tau0"], data_type="phase", taus=[tau]
        )
    except UserWarning:  # raised, not warned, where the record is too short
        return {"value": None}
    if not len(found):
        return {"value": None}
    told = {"value": number(found[0])}
    with contextlib.suppress(NotImplementedError, AssertionError, KeyError, IndexError):
        told["edf"] = number(degrees(kind, record, m))
        told["edf_full"] = number(full_sum(kind, record, m)) if kind in D else None
        ends = ci.confidence_interval(found[0], told["edf"], record["probability"])
        told["low"], told["high"] = (number(x) for x in ends)
    return told


def noise(record, m):
    return {"alpha": int(ci.autocorr_noise_id(numpy.array(record["phase"]), m, dmin=0, dmax=2)[0])}


def answer(record):
    with contextlib.redirect_stdout(io.StringIO()):
        rows = {
            f"{kind} m={m}": row(kind, record, m) for kind in record["deviations"] for m in record["factors"]
        }
        count = len(record["phase"])
        noises = {f"noise m={m}": noise(record, m) for m in record["factors"] if count // m >= 40}
    return {"outputs": rows | noises}


speak(answer, allantools.__version__)
