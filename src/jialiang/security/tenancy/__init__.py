"""The institute in force: a query outside its scope raises."""
