"""What the store refuses; `api` turns these into answers."""


class Refusal(Exception):
    """The books do not allow it."""


class Unknown(Refusal):
    """There is no such thing in our books."""


class Stale(Refusal):
    """The thing has moved on since the caller last looked."""


class FourEyes(Refusal):
    """Whoever brought a party in does not judge it."""


class BadCursor(Refusal):
    """A place in a list that we never handed out."""


class NoSuchTile(Refusal):
    """A layer, or a place in the grid of tiles, that does not exist."""
