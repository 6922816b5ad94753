# Money: what admins type wrong, linking, and the chart.
cap-change = Write it like this: user:ID daily 0.50 monthly 5. An amount can be “off” or “default”; NAME reset undoes everything.
cap-change-whole = Write it like this: discord:ID daily 0.50 monthly 5. An amount can be “off” or “default”; NAME reset undoes everything.
credit-change = Write it like this: user:ID 5. The amount is in US dollars.{ $platform ->
    [telegram] {" "}Or send the command as a reply to a message of theirs.
   *[other] {""}
}
cap-amount = “{ $value }” is not an amount in dollars such as 0.50.
cap-amount-unclear = “{ $value }” could be two amounts. Write { $decimals } or { $thousands }.
cap-name = “{ $name }” is not a name such as user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID or all
   *[no] {" "}or chat:ID
}.
cap-name-whole = “{ $name }” is not a name such as discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID or all
   *[no] {" "}or telegram:chat:ID
}.
cap-person = “{ $name }” is not the name of a person such as user:ID.
cap-person-whole = “{ $name }” is not the name of a person such as discord:ID, telegram:ID, web:SESSION or terminal:LOGIN.
cap-channel = Money is not counted by channel, but by person and by server. Write user:ID, role:ID or guild:ID.
name-missing = Write who after the command: user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} or chat:ID.{ $platform ->
    [telegram] {" "}Or send the command as a reply to a message of theirs.
   *[other] {""}
}
link-unknown = This code is not valid. A code works once, for ten minutes; ask for a new one with /link.
link-self = This code is yours. Enter it with your other account.
link-already = Both accounts share one wallet already.
link-many = This wallet already has the maximum number of accounts.
link-tries = Too many wrong codes. Wait ten minutes, then ask for a new code with /link.
refund-which = Write the request's id from the ledger after the command.
refund-unknown = This request is unknown, or too old to be refunded.
refund-open = This request is still in progress.
refund-nothing = This request cost nothing, or was refunded already.
audit-trimmed = The ledger was trimmed while it was read. Please try again.
chart-title = { $days ->
    [one] Spent today
   *[other] Spent in the last { $days } days
}
chart-total = { $total } in total
chart-day = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $day }
chart-words = Spent in the last { $days } days: { $total }, most on { $day }: { $most }.
chart-nothing = Nothing was spent in the last { $days } days.
