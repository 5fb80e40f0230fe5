"""Compiled loops over whole batches; the only room that imports numba.

Everything here equals the plain reference bit for bit. The modules are
imported where a whole batch is worked on, so that judging two articles, and
every ``--help``, starts without numba.
"""
