"""Image jobs: submitted once, polled without the key, failed only after several errors."""

from dataclasses import replace

import pytest

from core.errors import BadKey, BotError, JobFailed, JobUnknown, Rejected, Throttled, Unreachable
from core.minitool import images
from core.minitool.client import open_minitool
from core.minitool.wire import ImageRequest, Job, JobAnswer, parse_job
from tests.core.minitool.conftest import Side, settings_for

ORDER = ImageRequest("realvision", "a red fox", negative="rain", steps=5, cfg=3.5, width=512, height=640)


async def test_an_order_becomes_a_picture(side: Side) -> None:
    """Submit, poll, fetch: a PNG of the requested size; the documented fields, and the key only where it
    belongs."""
    job = await side.minitool.submit(ORDER)
    url = await side.minitool.poll(job)
    assert url
    picture = await side.minitool.fetch(url)
    assert picture[16:24] == (512).to_bytes(4, "big") + (640).to_bytes(4, "big")
    submit, look, fetch = side.simulated.record.calls
    assert (submit.is_signed, look.is_signed, fetch.is_signed) == (True, False, False)
    assert submit.body == {
        "model": "realvision", "prompt": "a red fox", "negativePrompt": "rain", "scheduler": "DPM++ SDE",
        "steps": 5, "cfgScale": 3.5, "width": 512, "height": 640,
    }  # fmt: skip
    assert look.body == {"jobid": job.id, "signature": job.signature}


TAKEN = JobAnswer("", Job("1", "s"), "")


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        (b'\xef\xbb\xbf{"status":"Success","jobid":1,"signature":"s"}', replace(TAKEN, status="success")),
        (b'{"status":true,"jobid":1,"signature":"s"}', TAKEN),
        (b'{"jobid":1.0,"signature":123}', replace(TAKEN, job=Job("1", "123"))),
        (b'{"jobid":"1","signature":"s","image_url":[]}', TAKEN),
        (b'{"jobid":"1","signature":"s","message":"\xff"}', TAKEN),
        (b'{"status":200,"image_url":"https://a/b"}', JobAnswer("", None, "https://a/b")),
        (
            b'\xef\xbb\xbf{"status":"success","image_url":"https://a/b"}',
            JobAnswer("success", None, "https://a/b"),
        ),
        (b'{"status":"pending","image_url":false}', JobAnswer("pending", None, "")),
        (b'{"status":"success","jobid":true,"signature":"s","image_url":7}', JobAnswer("success", None, "")),
        (b'{"status":"success","jobid":1}', JobAnswer("success", None, "")),
        (b'{"status":200}', None),
        (b'{"jobid":1e999,"signature":"s"}', None),
        (b'["success"]', None),
        (b"[" * 200_000, None),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_no_paid_picture_is_lost_for_what_is_odd_beside_it(response: bytes, answer: JobAnswer | None) -> None:
    """Each field that identifies a job or picture is used by itself, whatever is wrong with the others."""
    assert parse_job(response) == answer


def test_a_signature_is_not_shown() -> None:
    """The signature gives access to the picture, so it is never logged."""
    assert "abc" not in repr(Job("1", "abc"))


@pytest.mark.parametrize(
    ("kind", "error", "calls"),
    [
        ("400", Rejected, 1), ("401", BadKey, 1), ("402", BadKey, 1), ("413", Rejected, 1),
        ("429", Throttled, 3),
        ("503", Unreachable, 3), ("408", JobUnknown, 1), ("500", JobUnknown, 1), ("502", JobUnknown, 1),
        ("504", JobUnknown, 1), ("html", JobUnknown, 1), ("empty", JobUnknown, 1), ("html:502", JobUnknown, 1),
        ("drop", JobUnknown, 1),
    ],
)  # fmt: skip
async def test_an_order_of_unknown_fate_is_never_sent_again(
    side: Side, kind: str, error: type[BotError], calls: int
) -> None:
    """Only what was surely not received is repeated; what may have been is JobUnknown after one call."""
    with pytest.raises(error):
        await side.minitool.submit(ImageRequest("realvision", f"fault:{kind}"))
    assert side.simulated.record.counts["submit"] == calls


async def test_an_order_that_cannot_be_sent_is_not_unknown(unused_port: int) -> None:
    """A refused connection received no order."""

    async def sleep(seconds: float) -> None:
        return None

    async with open_minitool(settings_for(f"http://127.0.0.1:{unused_port}"), sleep=sleep) as minitool:
        with pytest.raises(Unreachable):
            await minitool.submit(ORDER)


async def test_a_refused_order_is_rejected(side: Side) -> None:
    """The documented "error" without a job means that nothing was ordered."""
    with pytest.raises(Rejected):
        await side.minitool.submit(ImageRequest("realvision", "x", steps=99))


async def test_an_unfinished_job_is_pending(side: Side) -> None:
    """The poll returns None until the picture is there."""
    job = await side.minitool.submit(ImageRequest("realvision", "fault:never"))
    assert await side.minitool.poll(job) is None


async def test_one_error_is_not_final(side: Side) -> None:
    """A job with an error once and "done" at the second poll has not failed."""
    job = await side.minitool.submit(ImageRequest("realvision", "fault:error-once"))
    assert await side.minitool.poll(job)
    assert side.waits == [3.0]


async def test_two_errors_are_final(side: Side) -> None:
    """A job with two errors, seconds apart, has failed."""
    job = await side.minitool.submit(ImageRequest("realvision", "fault:fail"))
    with pytest.raises(JobFailed):
        await side.minitool.poll(job)
    assert side.simulated.record.counts["poll"] == 2
    assert side.waits == [3.0]


async def test_a_success_without_a_picture_is_final(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is "done" several times without a picture has failed."""

    def nameless(body: bytes) -> JobAnswer | None:
        answer = parse_job(body)
        return answer and replace(answer, image_url="")

    job = await side.minitool.submit(ORDER)
    monkeypatch.setattr(images, "parse_job", nameless)
    with pytest.raises(JobFailed):
        await side.minitool.poll(job)
    assert side.waits == [3.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("kind", "error"),
    [("500", Unreachable), ("html", Unreachable), ("empty", Unreachable), ("429:90", Throttled)],
)
async def test_a_look_that_fails_says_nothing_of_the_job(side: Side, kind: str, error: type[BotError]) -> None:
    """A network error is not JobFailed, and the next poll finds the picture."""
    job = await side.minitool.submit(ORDER)
    name, _, detail = kind.partition(":")
    side.simulated.faults.add("poll", name, detail)
    with pytest.raises(error):
        await side.minitool.poll(job)
    assert await side.minitool.poll(job)
