"""Who opens a connection. A stand-in: the name in the handshake's query is believed."""

from collections.abc import Mapping

from chat.domain.model import User
from chat.protocol.limits import NAME_LENGTH


class NameSignIn:
    """Takes `?name=` for the user's id and name, as the `SignIn` port."""

    async def identify(self, query: Mapping[str, str]) -> User | None:
        """Return the user of that name; None where it is not 1 to 64 printable characters."""
        name = query.get("name", "")
        if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable() or name.isspace():
            return None
        return User(name, name)
