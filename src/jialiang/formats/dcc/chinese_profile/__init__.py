"""The Chinese profile of DCC 3.3.0: the kinds of certificate of metrology institutes in China and their fields."""
