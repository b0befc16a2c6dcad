"""Uncertainty budgets (不确定度评定模板): documents of the institute, in versions that are reviewed first."""
