"""Results as text, JSON, Markdown and HTML; every renderer is pure."""
