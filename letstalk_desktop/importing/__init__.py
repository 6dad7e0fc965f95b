"""From files to candidates for the notebook."""
