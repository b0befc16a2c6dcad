"""The data plane: public answers without Django, and the hand-over of everything else.

``addresses`` reads a request as a question, ``answers`` keeps ready bytes in memory, a ``reader`` fetches what is
missing from the one table of published answers, ``misses`` limits guessing, ``control_plane`` hands the rest over.
"""
