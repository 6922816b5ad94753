"""The parts of `core.spend`: accounts and their caps, the ledger, and summaries of both."""
