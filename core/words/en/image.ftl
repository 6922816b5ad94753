imagine-ordering = Ordering … { $price }{ $knows ->
    [yes] , then you have { $left } left.
   *[no] .
}
imagine-in-line = Waiting in line, place { $place }. { $price }{ $knows ->
    [yes] , then you have { $left } left.
   *[no] .
}
imagine-painting = Painting … { $elapsed } s
imagine-painting-expected = Painting … { $elapsed } s of about { $expected } s
imagine-late = The picture is not done yet. { $refunded ->
    [yes] You get your money back; if the picture still comes, it is yours for nothing.
   *[no] If it still comes, it is delivered here.
}
imagine-unknown-money = { $refunded ->
    [yes] You were not charged.
   *[no] You were charged; the operator can refund it.
}
imagine-from-earlier = { $count ->
    [one] One picture is from earlier; it could not be delivered then.
   *[other] { $count } pictures are from earlier; they could not be delivered then.
}
imagine-cancelled = Cancelled. Nothing was paid.
imagine-too-late = It is too late to cancel: the picture is being painted and paid.
imagine-pick-shape = Which shape?
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
