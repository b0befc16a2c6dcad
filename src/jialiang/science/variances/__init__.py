"""Components of variance: repeatability, analysis of variance, gauge studies, JJF 1033."""
