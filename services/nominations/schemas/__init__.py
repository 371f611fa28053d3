"""Request and response models of the nominations service. State is never accepted in a body."""
