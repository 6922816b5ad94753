"""Makes a Reply again from its address, after a restart, through the adapters of this process."""

from collections.abc import Awaitable, Callable

from core.answer import Reply
from core.errors import Gone

Reopen = Callable[[str], Awaitable[Reply]]  # from an address; raises Gone


class Reopens(dict[str, Reopen]):
    """The `reopen` function of each platform that this process serves."""

    async def reopen(self, address: str) -> Reply:
        """Raises Gone where nobody in this process can show anything at that address."""
        platform = address.partition(":")[0]
        if platform not in self:
            raise Gone(cause="no such platform in this process")
        return await self[platform](address)
