"""Screens of label templates: the list, the designer with its preview, and what labels are printed on."""
