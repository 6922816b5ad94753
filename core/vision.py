"""Posted pictures to what a model may see, at a price that is known beforehand.

A picture reaches the model inline, or as our own short-lived link; the address that a platform gave it
is known to `Attachment.read` alone.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.attachments.media import Media
from core.catalogue import ChatModel, Detail, Patches, Tiles
from core.conversation import Conversation, Prepared, Question, shown_pictures
from core.memory import Memory
from core.minitool.wire import ImagePart
from core.settings import Settings

# For pictures of earlier exchanges together: one of any shape on the dearest scheme, at most 2048 x 768, which
# is 8 tiles of gpt-4o-mini and 48,169 tokens.
_EARLIER_TOKENS = 50_000
_LOW_SIDE = 512  # what a model sees of a picture at low detail
_WORTH_IT = 0.9  # a picture that is nearly small enough is sent as it is


@dataclass(frozen=True, slots=True)
class Rendition:
    """How a model looks at a picture: the size it is sent in, the detail to ask for, and the price."""

    width: int
    height: int
    detail: Detail
    tokens: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the model is shown: parts by the id of the picture, and an upper bound of their tokens.
    `left_out`: how many pictures of the question itself are no longer kept."""

    parts: Mapping[str, ImagePart]
    tokens: int
    left_out: int = 0


def rendition(vision: Tiles | Patches, width: int, height: int) -> Rendition:
    """The cheapest rendition of a picture of this size that loses nothing."""
    if isinstance(vision, Patches):
        width, height = vision.fit(width, height)
        return Rendition(width, height, "high", vision.tokens(width, height, "high"))
    if max(width, height) <= _LOW_SIDE:
        return Rendition(width, height, "low", vision.tokens(width, height, "low"))
    sent_width, sent_height = (max(1, round(side)) for side in vision.fit(width, height))
    return Rendition(sent_width, sent_height, "high", vision.tokens(width, height, "high"))


@dataclass(frozen=True)
class Vision:
    """Pictures of a question and of the conversation before it."""

    settings: Settings
    memory: Memory
    media: Media

    async def show(
        self,
        conversation: Conversation,
        question: Question,
        model: ChatModel,
        fresh: Sequence[Prepared] = (),
    ) -> Shown:
        """The pictures of the question (`fresh` where they were just posted) and the newest of those before."""
        vision = model.vision
        if vision is None:
            return Shown({}, 0, len(question.pictures))

        def price(width: int, height: int) -> int:
            return rendition(vision, width, height).tokens

        kept = {picture.id: picture for picture in fresh}
        earlier = shown_pictures(conversation, question, _EARLIER_TOKENS, price)
        missing = [ref for ref in (*question.pictures, *earlier) if ref.id not in kept]
        kept |= {picture.id: picture for picture in await self.memory.find_pictures(conversation.room, missing)}
        own = {ref.id for ref in question.pictures}
        parts: dict[str, ImagePart] = {}
        tokens = 0
        for picture in kept.values():
            seen = rendition(vision, picture.width, picture.height)
            parts[picture.id] = await self._part(picture, seen)
            tokens += seen.tokens
        return Shown(parts, tokens, len(own - set(parts)))

    async def _part(self, picture: Prepared, seen: Rendition) -> ImagePart:
        if seen.width < picture.width * _WORTH_IT:
            from core.pixels import shrink

            picture = await shrink(picture, seen.width, seen.height)
        if self.settings.image_transport == "link":
            return ImagePart(await self.media.link(picture), seen.detail)
        encoded = b64encode(picture.data).decode()
        return ImagePart(f"data:{picture.media_type};base64,{encoded}", seen.detail)
