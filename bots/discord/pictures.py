"""Made pictures as files to upload: what is too big for this chat is encoded again, smaller."""

from bots.discord.rest import Upload
from core.answer import Picture

_ALT_LENGTH = 1024
_FILES_A_MESSAGE, _BYTES_A_MESSAGE = 10, 24 * 1024 * 1024  # of 25 MiB a request; the rest is its form


async def upload(picture: Picture, limit: int) -> Upload:
    """The picture as a file of at most `limit` bytes. Raises TooBig."""
    data, media_type, name = picture.data, picture.media_type, picture.name
    if len(data) > limit:
        from core.pixels import squeeze  # decoders are loaded with the first picture

        data = await squeeze(data, limit)
        media_type, name = "image/webp", f"{name.rpartition('.')[0] or name}.webp"
    prefix = "SPOILER_" if picture.spoiler and not name.startswith("SPOILER_") else ""
    return Upload(prefix + name, data, media_type, picture.alt[:_ALT_LENGTH])


def messages_of(files: list[Upload]) -> list[list[Upload]]:
    """The files in groups that one message can carry each; one that is empty where there are no files."""
    groups: list[list[Upload]] = [[]]
    for file in files:
        group = groups[-1]
        size = sum(len(one.data) for one in (*group, file))
        if group and (len(group) == _FILES_A_MESSAGE or size > _BYTES_A_MESSAGE):
            groups.append([])
        groups[-1].append(file)
    return groups
