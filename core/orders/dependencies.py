"""The dependencies of everything that drives orders, shared within a process."""

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import BotError
from core.minitool.client import MiniTool
from core.orders.asides import Asides
from core.orders.line import Line
from core.orders.order import Orders
from core.orders.polls import Polls
from core.orders.timing import Timing
from core.reopens import Reopen
from core.settings import Settings
from core.spend import Spend


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """`notice` reports errors that only the operator can fix."""

    settings: Settings
    orders: Orders
    line: Line
    timing: Timing
    spend: Spend
    minitool: MiniTool
    polls: Polls
    asides: Asides
    reopen: Reopen
    notice: Callable[[BotError], None]
    clock: Callable[[], float]
