"""Request and response models of the documents service."""
