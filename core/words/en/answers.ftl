answer-working = Thinking…
answer-still-waiting = Still waiting for the model. It is slower than usual.
answer-stopped = Stopped.
answer-stopped-early = Stopped before the first word.
answer-cut =
    The answer was cut off here. { $buttons ->
        [no] Ask again.
       *[yes] Press Continue, or ask again.
    }
answer-cut-length =
    The answer reached its length limit. { $buttons ->
        [no] Ask for a shorter one.
       *[yes] Press Continue for the rest.
    }
answer-cut-budget = The budget had no room for a longer answer.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage says when there is room again.
}
answer-cut-restart =
    The bot restarted before the answer was complete. { $buttons ->
        [no] Ask again.
       *[yes] Press Continue, or ask again.
    }
answer-cut-left = The answer was cut off because the page was closed or lost its connection.
answer-interrupted = The bot restarted while it was working on this. Try again.
answer-restarting = The bot is restarting. Please try again in a moment.
answer-empty = The model sent an empty answer. Try again, or rephrase your question.
answer-filtered = The model's provider held back the rest of this answer.
answer-without-pictures = The pictures are too big for this chat.
answer-nothing-to-stop = You have no answer in progress here.
answer-stop-not-yours = Only the person who asked, or a moderator, can stop this.
answer-already-over = This answer is already complete.
answer-stopping = { $count ->
    [one] Stopping.
   *[other] Stopping { $count } answers.
}
answer-button-stop = Stop
answer-button-again = Try again
answer-button-regenerate = New answer
answer-button-continue = Continue
answer-button-model = Model
answer-button-delete = Delete
