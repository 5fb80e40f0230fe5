"""What the filter must show, one command a figure."""
