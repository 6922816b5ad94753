"""What it takes to bring orders to their end, shared by all of a process."""

from collections.abc import Callable
from dataclasses import dataclass

from core.asides import Asides
from core.errors import BotError
from core.line import Line
from core.minitool.client import MiniTool
from core.orders import Orders
from core.polls import Polls
from core.settings import Settings
from core.spend import Spend
from core.timing import Timing


@dataclass(frozen=True, kw_only=True)
class Tools:
    """`notice` tells the operator of what only they can mend."""

    settings: Settings
    orders: Orders
    line: Line
    timing: Timing
    spend: Spend
    minitool: MiniTool
    polls: Polls
    asides: Asides
    notice: Callable[[BotError], None]
    clock: Callable[[], float]
