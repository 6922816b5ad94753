"""What `doctor` learns from the store about whoever is beside it."""

from redis import Redis

from bots.findings import Finding
from bots.terminal.doctor_store import examine_store
from tests.conftest import MakeSettings


async def test_a_full_store_does_not_tell_who_serves(make_settings: MakeSettings, empty_valkey: str) -> None:
    """A `run` beside a full store cannot say there that it lives: nobody takes it for gone, and polls in its
    place."""

    async def look() -> tuple[set[tuple[str, str]], dict[str, bool]]:
        served: dict[str, bool] = {}
        found = [one async for one in examine_store(settings, served) if isinstance(one, Finding)]
        return {(one.level, one.key) for one in found}, served

    settings = make_settings(redis_url=empty_valkey)
    _, served = await look()
    assert served == {"telegram": False}
    with Redis.from_url(empty_valkey) as redis:
        redis.config_set("maxmemory", "1mb", "maxmemory-policy", "noeviction")
        try:
            found, served = await look()
        finally:
            redis.config_set("maxmemory", "0")
    assert ("fail", "store-is-full") in found
    assert served == {}
