"""Image orders: submit one, poll whether it is done. An order of unknown fate is never sent again."""

from itertools import count

from core.errors import JobFailed, JobUnknown, Rejected, Unreachable
from core.minitool import failures
from core.minitool.connection import Connection
from core.minitool.wire import ImageRequest, Job, JobAnswer, image_body, job_body, parse_job

_SECOND_POLL_S = 3.0
_MOST_FAILED, _MOST_WITHOUT = 2, 4  # polls in a row that say error, or success and no picture: it has failed
_FAILED = frozenset({"error", "failed", "failure", "cancelled", "canceled"})
_ENDED = _FAILED | {"success"}


async def submit(connection: Connection, request: ImageRequest) -> Job:
    """The job, from then on paid for. Raises JobUnknown where the order may have been taken."""
    try:
        body = await connection.post_and_read("texttoimage/", image_body(request))
    except Unreachable as error:
        if isinstance(error.__cause__, failures.NEVER_SENT) or error.data.get("status") in failures.NOT_TAKEN:
            raise
        raise JobUnknown(cause=error.cause) from error
    except Rejected as error:
        error.data["model"] = request.model
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
    for polls in count(1):
        answer = await _ask(connection, job)
        if answer.image_url:
            return answer.image_url
        if answer.status not in _ENDED:
            return None
        if polls >= (_MOST_WITHOUT if answer.status == "success" else _MOST_FAILED):
            break
        await connection.sleep(_SECOND_POLL_S)
    raise JobFailed(cause="the job answered error, or success without a picture, again and again")


async def _ask(connection: Connection, job: Job) -> JobAnswer:
    body = await connection.post_and_read("texttoimage/jobs/", job_body(job), signed=False)
    if (answer := parse_job(body)) is None:
        raise Unreachable("upstream", cause="a job status that is no JSON")
    return answer
