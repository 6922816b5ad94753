"""The operator's table of usage in the terminal."""

import pytest

from bots.terminal import operator, verbs
from core.opening import open_core
from core.spend import Payer, Spent, Wanted
from tests.conftest import MakeSettings


async def test_what_a_person_spent_is_one_line(
    make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For each model, summed up over all chats; who spent most comes first."""
    monkeypatch.setattr(verbs, "set_up_logs", lambda _: None)
    settings = make_settings(minitoolai_simulated=True)
    async with open_core(settings) as core:
        for number, (who, nanos) in enumerate((("ann", 500), ("ben", 300), ("ben", 400))):
            payer, request = Payer(f"discord:{who}", f"discord:channel:{number}"), f"discord:{number}"
            await core.spend.take(payer, Wanted(request, "ask", "gpt-4o", nanos, nanos))
            await core.spend.settle(request, Spent(nanos, 10, 2))
    capsys.readouterr()
    assert await operator.usage(settings, "", 30, as_csv=False) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if "$" in line]
    assert lines == [
        ["discord:ben", "gpt-4o", "2", "$0.0000007"],
        ["discord:ann", "gpt-4o", "1", "$0.0000005"],
    ]
