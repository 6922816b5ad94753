"""The keys of what is remembered: one hash tag for a room and one for a person."""


class Room:
    """The keys of one room. All share a slot, so that one script can touch them all. `keys` are those with
    which every script of a room begins."""

    def __init__(self, name: str) -> None:
        self.name = name
        # "turns" are exchanges: so they are called in every store that there is.
        kinds = ("turns", "tree", "used", "links", "meta", "pictures", "owners")
        self.keys = tuple(map(self._key, kinds))
        self.exchanges, self.tree, self.used, self.links, _, self.pictures, _ = self.keys

    def _key(self, kind: str, *rest: str) -> str:
        return ":".join((f"{{m:{self.name}}}", kind, *rest))

    def head(self, whose: str) -> str:
        """The key of the latest exchange of a person (or of everybody)."""
        return self._key("head", whose)

    def gone(self, person: str) -> str:
        """The key that says when a person asked to be forgotten, for as long as answers may be under way."""
        return self._key("gone", person)

    def picture(self, picture: str) -> str:
        return self._key("picture", picture)


def rooms_key(person: str) -> str:
    """The rooms that a person wrote in, with the time of the last message."""
    return f"{{p:{person}}}:rooms"
