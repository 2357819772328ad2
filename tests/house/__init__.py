"""The house itself: layers, style, types, vendored files, documents, and how it is opened."""
