"""Comparison rounds: artefacts, participants, results, and the evaluation that is reported."""
