"""The one place where two articles are judged."""
