"""From a Summary to finished documents: one writer per format, each pure (summary in, bytes out)."""
