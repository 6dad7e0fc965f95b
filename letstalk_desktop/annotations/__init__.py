"""What readers add: annotations, the places they belong to, concepts. No Qt, no SQL."""
