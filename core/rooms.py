"""The keys of what is remembered: one hash tag for a room and one for a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """The keys of one room. All share a slot, so that one script can touch them all."""

    name: str

    def _key(self, kind: str, *rest: str) -> str:
        return ":".join((f"{{m:{self.name}}}", kind, *rest))

    @property
    def exchanges(self) -> str:
        return self._key("turns")  # so it is called in every store that there is

    @property
    def tree(self) -> str:
        return self._key("tree")

    @property
    def used(self) -> str:
        return self._key("used")

    @property
    def links(self) -> str:
        return self._key("links")

    @property
    def pictures(self) -> str:
        return self._key("pictures")

    @property
    def keys(self) -> tuple[str, ...]:
        """What every script of a room begins with."""
        owners, meta = self._key("owners"), self._key("meta")
        return (self.exchanges, self.tree, self.used, self.links, meta, self.pictures, owners)

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
