"""Image orders: submit one, poll whether it is done. An order of unknown fate is never sent again."""

from core.errors import JobFailed, JobUnknown, Rejected, Unreachable
from core.minitool import failures
from core.minitool.connection import Connection, read_body
from core.minitool.wire import ImageOrder, Job, job_body, order_body, parse_job

_ANSWER_BYTES = 64 * 1024
_SECOND_POLL_S = 3.0
_ERROR, _NOWHERE = "", "?"  # in place of an address; the second: done, but nobody says where the picture is
_MOST = {_ERROR: 2, _NOWHERE: 4}  # polls in a row that say so, and the job has failed
_FAILED = frozenset({"error", "failed", "failure", "cancelled", "canceled"})


async def submit(connection: Connection, order: ImageOrder) -> Job:
    """The job, from then on paid for. Raises JobUnknown where the order may have been taken."""
    try:
        async with connection.post("texttoimage/", order_body(order)) as response:
            body = await read_body(response, _ANSWER_BYTES, connection.timeouts.first_byte)
    except Unreachable as error:
        if isinstance(error.__cause__, failures.NEVER_SENT) or error.data.get("status") in failures.NOT_TAKEN:
            raise
        raise JobUnknown(cause=error.cause) from error
    except Rejected as error:
        error.data["model"] = order.model
        raise
    answer = parse_job(body)
    if answer is None or (answer.job is None and answer.status not in _FAILED):
        raise JobUnknown(cause="an answer that names no job")
    if answer.job is None:
        raise Rejected(cause=f"order answered {answer.status}", reason="request")
    return answer.job


async def poll(connection: Connection, job: Job) -> str | None:
    """The picture's address, or None while it is being made. Only JobFailed says something of the job.

    A single "error" may pass, so one is followed by a second poll, and two in a row are JobFailed; so are a
    few that say "success" and name no picture. All polls are in this one call: nothing has to be remembered,
    and after a restart it begins anew.
    """
    polls = 1
    while (url := await _ask(connection, job)) in _MOST:
        if polls >= _MOST[url]:
            raise JobFailed(cause="the job answered error, or success without a picture, again and again")
        polls += 1
        await connection.sleep(_SECOND_POLL_S)
    return url


async def _ask(connection: Connection, job: Job) -> str | None:
    async with connection.post("texttoimage/jobs/", job_body(job), signed=False) as response:
        body = await read_body(response, _ANSWER_BYTES, connection.timeouts.first_byte)
    answer = parse_job(body)
    if answer is None:
        raise Unreachable(cause="a job status that is no JSON")
    if answer.image_url:
        return answer.image_url
    if answer.status == "success":
        return _NOWHERE
    return _ERROR if answer.status in _FAILED else None
