"""Budget documents in the notations of others: GTC archives and Excel workbooks, both ways."""
