ask-default-picture = What is in this picture?
ask-default-text = What does this say? Summarize it.
answer-cap-near = You have used over { $percent }% of your budget for { $period ->
    [day] today
   *[month] this month
}.
answer-tokens = { $tokens } tokens
money-left = { $left } left
