"""Screens of commissions: the desk's list, intake in one step, one commission, its items' way, its slip."""
