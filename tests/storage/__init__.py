"""Tests of where the reader's data is kept."""
