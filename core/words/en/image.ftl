imagine-ordering = Ordering… { $price }{ $knows ->
    [yes] , leaving you { $left }.
   *[no] .
}
imagine-in-line = Waiting in line, place { $place }. { $price }{ $knows ->
    [yes] , leaving you { $left }.
   *[no] .
}
imagine-painting = Painting… { $elapsed } s
imagine-painting-expected = Painting… { $elapsed } s of about { $expected } s
imagine-stuck = The bot cannot store anything at the moment. Your picture will come as soon as it can, and you pay only once.
imagine-left = The bot still cannot store anything. Your picture will be here on a later visit, once it can, and you pay only once.
imagine-unknown-money = { $refunded ->
    [yes] You were not charged.
   *[no] You were charged; the operator can refund it.
}
imagine-from-earlier = { $count ->
    [one] One picture is from earlier; it could not be delivered then.
   *[other] { $count } pictures are from earlier; they could not be delivered then.
}
imagine-no-pictures = Pictures may not be posted here. Send me /usage in our private chat and you will get yours.
imagine-no-pictures-adult = Pictures may not be posted here. Send me /usage in an age-restricted place that takes pictures and you will get yours.
imagine-no-files = Files may not be posted here.
imagine-cancelled = Cancelled. You were not charged.
imagine-too-late = It is too late to cancel: the picture is already being painted and has been paid for.
imagine-pick-shape = Which shape? It costs { $price }.
imagine-detail-model = Model
imagine-detail-size = Size
imagine-detail-steps = Steps
imagine-detail-cfg = Guidance
imagine-detail-scheduler = Scheduler
imagine-detail-price = Price
imagine-detail-negative = Left out
shape-square = Square
shape-portrait = Portrait
shape-landscape = Landscape
shape-wide = Wide
shape-tall = Tall
shape-small = Small
action-again = Again ({ $price })
action-vary = Vary
action-shape = Shape
action-details = Details
action-file = As file
action-cancel = Cancel
action-delete = Delete
easel-note = How should it be painted? You pay nothing until you press “Paint”.
imagine-words-alone = I paint from words alone. Send the description without a picture.
easel-words-alone = I paint from words alone: the picture is not used.
easel-paint = Paint · { $price }
easel-shape = Which shape?
easel-model = Which model?
easel-steps = How many steps? More steps, more detail.
easel-steps-now = { $steps ->
    [one] One step
   *[other] { $steps } steps
}
easel-style = How closely should it follow your words?
easel-style-free = Free style
easel-style-loose = Loose style
easel-style-close = Close to my words
easel-style-strict = To the letter
easel-count = How many pictures?
easel-count-now = { $count ->
    [one] One picture
   *[other] { $count } pictures
}
easel-back = « Back
easel-over = This was already ordered, or is too old. Please ask again.
imagine-some = Only { $made } of { $count } pictures { $made ->
    [one] was
   *[other] were
} made.
