"""Why the embedded servers could not be started, in a sentence for the person at the keyboard."""


class EmbeddedStartFailed(RuntimeError):
    """Names the server, the cause and what to do."""
