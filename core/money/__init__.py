"""What `core.spend` consists of: accounts and their caps, the ledger, and what is read of both."""
