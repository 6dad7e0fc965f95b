"""Notebooks of every schema there was."""
