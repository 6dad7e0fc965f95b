"""Where what readers add is kept: SQLite through SQLAlchemy. No Qt; no row leaves this folder."""
