# Conversations, personas, what is remembered and erased.
persona-default = Assistant
persona-default-detail = Helpful and to the point
persona-brief = Brief
persona-brief-detail = One to three sentences, no more
persona-tutor = Tutor
persona-tutor-detail = Explains step by step and lets you find out
persona-coder = Coder
persona-coder-detail = Reviews and writes code
persona-own = My own instructions
persona-own-detail = What you told the bot about how to talk
persona-of-chat = Made for this chat
prompt-too-long = These instructions are too long ({ $length } characters; at most { $most }). Please shorten them.
too-many-personas = This chat already has { $most } personas of its own. Remove one first.
memory-new = A new conversation. What was said before is not part of it.
memory-forgotten = Erased: { $turns ->
    [one] one question with its answer
   *[other] { $turns } questions with their answers
}, { $pictures ->
    [one] one picture
   *[other] { $pictures } pictures
}, { $settings ->
    [one] one setting
   *[other] { $settings } settings
}{ $orders ->
    [0] {""}
    [one] , one order
   *[other] , { $orders } orders
}. What you spent is kept as amounts only.
memory-nothing = There was nothing about you to erase. What you spent is kept as amounts only.
