"""What there is to read: resources, chapters, blocks and the text of record. No Qt, no SQL."""
