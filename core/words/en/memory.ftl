# Conversations, personas, what is remembered and erased.
persona-default = Assistant
persona-default-detail = Helpful and to the point
persona-brief = Brief
persona-brief-detail = One to three sentences, no more
persona-tutor = Tutor
persona-tutor-detail = Explains step by step and lets you work it out
persona-coder = Coder
persona-coder-detail = Reviews and writes code
persona-own = Your own instructions
persona-own-detail = How you told the bot to talk
persona-of-chat = Made for this chat
prompt-too-long = These instructions are too long ({ $length } characters; at most { $most }). Please shorten them.
too-many-personas = This chat already has { $most } personas of its own. Remove one first.
memory-new = This is a new conversation. Nothing said before is part of it.
memory-forgotten = Erased: { $what }. What you spent is kept as amounts only.
forgotten-exchanges = { $count ->
    [one] one question with its answer
   *[other] { $count } questions with their answers
}
forgotten-pictures = { $count ->
    [one] one picture
   *[other] { $count } pictures
}
forgotten-settings = { $count ->
    [one] one setting
   *[other] { $count } settings
}
forgotten-orders = { $count ->
    [one] one order
   *[other] { $count } orders
}
memory-nothing = There was nothing about you to erase. What you spent is kept as amounts only.
