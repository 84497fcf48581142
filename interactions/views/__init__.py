"""Pages: templates and their letters, and the log."""
