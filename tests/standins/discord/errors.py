"""Refusals of the loopback Discord, with the status, code and message of the real one."""

from typing import Any

MESSAGES = {
    0: "404: Not Found",
    10003: "Unknown Channel",
    10008: "Unknown Message",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    40001: "Unauthorized",
    40005: "Request entity too large",
    40060: "Interaction has already been acknowledged.",
    40094: "Maximum number of follow up messages reached",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    160002: "Cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
    160005: "Thread is locked",
}


class Refusal(Exception):
    """One refused call."""

    def __init__(self, status: int, code: int = 0, errors: dict[str, Any] | None = None) -> None:
        self.status = status
        self.code = code
        self.errors = errors or {}
        super().__init__(f"{status} {code}")

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": MESSAGES.get(self.code, "Error"), "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def invalid(field: str, why: str) -> Refusal:
    """400 with code 50035 that names the field, as form validation does."""
    return Refusal(400, 50035, {field: {"_errors": [{"code": "BASE_TYPE", "message": why}]}})
