"""A loopback Bot API with the real one's rules, limits and error texts. Test code only.

Where the real server repairs silently (entities out of range), the stand-in refuses. What is not
known of the real server is not modelled; what is modelled comes from the Bot API's documentation.
"""

from .flood import Flood, without_limits
from .standin import TOKEN, Pressed, TelegramStandin
from .world import Chat, Message, User

__all__ = ["TOKEN", "Chat", "Flood", "Message", "Pressed", "TelegramStandin", "User", "without_limits"]
