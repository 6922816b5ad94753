# Answers of the simulated API: it says back what it got, and that nothing of it is real.
simulated-notice = **This answer is simulated.** No model was asked and nothing was billed; with a MiniToolAI key in the settings the real model answers here.
simulated-title-1 = Here is what arrived
simulated-title-2 = Your question, read back
simulated-title-3 = A rehearsal of your answer
simulated-title-4 = So this is what you would like to know
simulated-asked = You asked:
simulated-earlier = { $count ->
    [one] One earlier question of this conversation came along: “{ $last }”.
   *[other] { $count } earlier questions of this conversation came along, the latest of them: “{ $last }”.
}
simulated-sight = **Picture { $number }** is a { $format } of { $size } pixels; its main colours are { $colours }.
simulated-blind = **Picture { $number }** could not be read here: it is neither an inline picture nor on this machine.
simulated-filler-1 = A long answer was asked for, so this paragraph fills the page. It shows how text wraps, where a page ends and how the next one begins, without saying anything that would be worth checking.
simulated-filler-2 = Real models like to list *advantages*, *drawbacks* and a balanced conclusion at this point. The simulation has no opinions, but it knows how much room they usually take.
simulated-filler-3 = Words arrive one after another at the pace of a small model, about thirty pieces a second. If that is too slow to wait for, the stop button works here exactly as it does with a real answer.
simulated-filler-4 = Tables, lists and code must survive a page break as well, which is why long answers are worth a try: whatever is open at the end of one page is closed there and opened again on the next.
simulated-what = What was sent
simulated-value = Value
simulated-row-model = Model
simulated-row-words = Words in the question
simulated-row-turns = Earlier questions
simulated-row-pictures = Pictures
simulated-row-instructions = Characters of instructions
simulated-row-temperature = Temperature
simulated-code = And a piece of code, so that there is something to copy:
simulated-closing-1 = Ask something else, attach a picture, or order one with `/imagine`.
simulated-closing-2 = A follow-up question shows that the conversation is remembered.
simulated-closing-3 = Begin a question with `fault:500` or `fault:cut` to see what an error looks like.
simulated-closing-4 = Put the word “long” into a question for an answer of several pages.
simulated-colour-unknown = unknown
simulated-colour-black = black
simulated-colour-white = white
simulated-colour-grey = grey
simulated-colour-red = red
simulated-colour-orange = orange
simulated-colour-yellow = yellow
simulated-colour-green = green
simulated-colour-turquoise = turquoise
simulated-colour-blue = blue
simulated-colour-lightblue = light blue
simulated-colour-purple = purple
simulated-colour-pink = pink
simulated-colour-brown = brown
simulated-colour-beige = beige
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = and the is what how i not a an please why picture show me you can who where when we which of to in on explain write with for it do does hello thanks tell about
simulated-long = long detailed
simulated-very = very
