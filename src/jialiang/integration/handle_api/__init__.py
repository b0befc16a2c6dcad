"""The JSON interface of the Handle System where it needs a right: writes, authorised reads, sessions, reverse lookup.

Public reads never come here: the front answers them (``integration.resolver.handle_reads``).
"""
