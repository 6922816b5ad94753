# One sentence for every way a request can end badly: what happened, and what to do.
error = Something went wrong. Please try again.
incident = Something went wrong on our side. If it happens again, tell the operator this number: { $id }.
refused = That is not possible.
bad-input = That cannot be used as it is. Please change it and try again.
empty-question = What would you like to know? Write it after the command{ $where ->
    [private] {""}
   *[group] {" "}or after my name
}.
empty-prompt = The description is empty. After the command, write what you want to see.
question-too-long = The question is too long ({ $kib } KiB; at most { $most } KiB). Shorten it, or attach it as a text file.
question-too-long-for-model = The question is too long for { $model }. Shorten it, or choose another model with /model.
unknown-model = There is no model “{ $model }”. Available: { $known }.
unknown-choice = “{ $value }” is not an option for { $option }. Available: { $known }.
unknown-command = There is no command “{ $command }”. Type /help to see what there is.
not-a-number = { $option } must be a number, not “{ $value }”.
not-whole = { $option } must be a whole number, not “{ $value }”.
out-of-range = { $option } must be between { $low } and { $high }.
size-out-of-range = “{ $value }” is not possible: each side must have { $low } to { $high } pixels.
too-long = { $option ->
    [prompt] The description
    [words] An entry
    [text] The text
   *[other] { $option }
} is too long; at most { $most } characters.
busy = Too many requests in a short time. Try again { $wait }.
busy-at-once = You already have requests under way. I take no more until one of them is done: try again then.
seen = This request was already handled.
not-allowed = You are not allowed to do that here.
not-yours = Only the person who asked can do that.
not-admin = Only the bot's admins can do that.
blocked-prompt = This description is not allowed here.
adult-only = This model is only for age-restricted places.
adult-prompt = A picture like this is only for age-restricted places.
not-found = I no longer have that. Please ask again.
over-budget = This would cost up to { $cost_nanos }, but only { $left_nanos } is left of { $scope ->
    [person] your budget
    [chat] the budget shared here
   *[all] the bot's budget
} for { $period ->
    [day] today
   *[month] this month
}. { $renews ->
    [yes] It resets on { $resets_at }. The operator can raise it.
    [soon] Part of it is set aside for what is under way. Please try again in a moment.
   *[no] The operator can raise it.
}
upstream = The model's service had a problem. Please try again in a moment.
unreachable = The model's service does not answer. Please try again in a moment.
throttled = The model's service is busy. Please try again { $retry_after ->
    [0] in a moment
   *[other] { $wait }
}.
rejected = The model's service refused this request. Different words or another picture may help.
no-model = This model is not available. Please choose another one; for answers, use /model.
stream-cut = The answer was cut off; this is what arrived.
job-failed = The picture could not be made. You were not charged.
job-late = The picture is not done yet. { $refunded ->
    [yes] You were not charged; if the picture still arrives, it is yours for free.
   *[no] If it still arrives, it is delivered here.
}
job-unknown = It is unclear whether the order arrived. It will not be sent again, so that you do not pay twice.
bad-key = The bot cannot use the model's service at the moment. The operator has been told.
delivery = The answer could not be shown.
slow-down = The chat asks us to slow down.
too-big = That is too big for this chat.
no-pictures = Pictures may not be posted here.
gone = The message is gone.
store = The bot's memory cannot be reached, so nothing is spent. Please try again in a moment.
