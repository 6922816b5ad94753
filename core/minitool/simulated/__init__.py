"""A stand-in for the model's side that speaks its documented wire format on a loopback port of this process.

It answers when no key is set, and in tests. Its answers always say that they are simulated.
"""

from core.minitool.simulated.app import Simulated
from core.minitool.simulated.faults import Fault, Faults
from core.minitool.simulated.server import serve_simulated

__all__ = ["Fault", "Faults", "Simulated", "serve_simulated"]
