"""The rules of the authors' checker, one file per subject; `library/checker.py` is their door."""
