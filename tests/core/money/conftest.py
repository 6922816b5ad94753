"""A till under the default caps."""

import pytest

from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import Till


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    return Till(store, make_settings())
