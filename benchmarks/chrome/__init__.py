"""How much site chrome is told from one article by itself."""
