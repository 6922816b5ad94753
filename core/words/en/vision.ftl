# Pictures and files that cannot be used: which one, why, and what to do.
# $number is 0 where there is only one.
attachment-too-big = “{ $name }” is too big; at most { $mib } MB.
attachment-gone = This file is no longer there. Please attach it again.
too-many-files = Too many files at once ({ $count }; at most { $most }). Please send fewer.
files-too-big = These files are too big together; at most { $most } MB. Please send fewer.
file-empty = { $number ->
    [0] The file is
   *[other] File { $number } is
} empty. Please attach it again.
file-wrong-type = { $number ->
    [0] The file is
   *[other] File { $number } is
} of a kind that I cannot read ({ $name }). I can read pictures (PNG, JPEG, WEBP, GIF), text, code and PDF.
no-recordings = I can read text and look at pictures, but I cannot listen to recordings or watch videos.
text-wrong-letters = { $number ->
    [0] The file is
   *[other] File { $number } is
} a text in an unknown encoding ({ $name }). Save it as UTF-8 and send it again.
picture-wrong-type = { $number ->
    [0] The picture is
   *[other] Picture { $number } is
} not a PNG, JPEG, WEBP or GIF ({ $kind }). Please send it in one of these formats.
picture-broken = { $number ->
    [0] The picture is
   *[other] Picture { $number } is
} damaged or incomplete. Please send it again, or re-save it first.
picture-too-large = { $number ->
    [0] The picture has
   *[other] Picture { $number } has
} too many pixels; at most { $most } megapixels. Please scale it down.
picture-too-long = { $number ->
    [0] The picture is
   *[other] Picture { $number } is
} too long; each side may have at most { $most } pixels. Please send the part that matters.
picture-blind-model = { $model } cannot see pictures. Choose another model with /model.
picture-left-out = { $count ->
    [one] One earlier picture is
   *[other] { $count } earlier pictures are
} no longer seen by the model.
pdf-broken = { $number ->
    [0] The PDF is
   *[other] File { $number } (PDF) is
} damaged. Please save it again, or paste the text.
pdf-locked = { $number ->
    [0] The PDF is
   *[other] File { $number } (PDF) is
} locked with a password. Please send it without one.
pdf-no-text = { $number ->
    [0] The PDF has
   *[other] File { $number } (PDF) has
} no text, only pictures of it. Please send the pages as pictures.
pdf-too-hard = { $number ->
    [0] The PDF is
   *[other] File { $number } (PDF) is
} too complicated to read. Please send the pages that matter, or paste the text.
