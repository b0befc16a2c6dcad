"""Reports of a node to the node above it: gzip of JSON lines, a header first, one file a day and kind.

    {"day":"2026-11-21","format":"jialiang-node-report","kind":"registrations","lines":123,…}     the header
    {"at":"2026-11-21T01:02:03Z","deed":"registered","identifier":"88.111.5/a","prefix":"88.111.5",…}   and its lines

UTF-8, lines end with a line feed, members in order and without blanks. Writing and reading hold one line at a time.
"""
