"""Ready-made public answers, written in the transaction that changes them."""
