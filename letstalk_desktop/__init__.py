"""Let's Talk Desktop: an offline reader and note-taking program for public health resources."""

__version__ = "0.1.0"
