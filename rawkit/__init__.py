"""Headers by hand."""
