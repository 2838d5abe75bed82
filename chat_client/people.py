"""Who was seen in which room: what a person types for a user, as that user's id."""

from __future__ import annotations

import re

_USER_ID = re.compile(r"[A-Za-z0-9\-_.]{1,48}", re.ASCII)


class UserUnknownError(Exception):
    """What was typed names no user, or more than one."""


class People:
    """The users seen in each room, by id, each under the name that was seen last."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, str]] = {}

    def note(self, room: str, user: str, name: str) -> None:
        """Note that a user was seen in a room."""
        self._names.setdefault(room, {})[user] = name

    def find(self, room: str | None, typed: str) -> tuple[str, str]:
        """Find the user whom a typed line begins with.

        Args:
            room: where names count as seen.
            typed: a user's id, or the name of one who was seen in the room, and perhaps more after a space.

        Returns:
            The user's id, and what follows.

        Raises:
            UserUnknownError: it is neither, or several users have this name.
        """
        # A copy, in one step: another thread may be noting.
        names = self._names.get(room or "", {}).copy()
        word, _, rest = typed.partition(" ")
        if word in names:
            return word, rest.strip()
        fits = [(user, name) for user, name in names.items() if _begins_with(typed, name)]
        if not fits:
            if not _USER_ID.fullmatch(word):
                raise UserUnknownError(f"nobody called {word or '...'} was seen here; /members shows who is here")
            return word, rest.strip()
        longest = max(len(name) for _, name in fits)
        users = [user for user, name in fits if len(name) == longest]
        if len(users) > 1:
            raise UserUnknownError(f"{typed[:longest]} may be {' or '.join(users)}: give the id")
        return users[0], typed[longest:].strip()


def _begins_with(typed: str, name: str) -> bool:
    return f"{typed} ".casefold().startswith(f"{name} ".casefold())
