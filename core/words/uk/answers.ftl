answer-working = Думаю…
answer-still-waiting = Досі чекаю на модель. Вона відповідає повільніше, ніж зазвичай.
answer-stopped = Зупинено.
answer-stopped-early = Зупинено ще до першого слова.
answer-cut =
    На цьому відповідь обірвалася. { $buttons ->
        [no] Запитай ще раз.
       *[yes] Натисни «Продовжити» або запитай ще раз.
    }
answer-cut-length =
    Відповідь досягла найбільшої довжини. { $buttons ->
        [no] Попроси відповісти коротше.
       *[yes] Натисни «Продовжити», щоб побачити решту.
    }
answer-cut-budget = На довшу відповідь бюджету не вистачило.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage покаже, коли він поновиться.
}
answer-cut-restart =
    Бот перезапустився, не закінчивши відповідь. { $buttons ->
        [no] Запитай ще раз.
       *[yes] Натисни «Продовжити» або запитай ще раз.
    }
answer-cut-left = Відповідь обірвалася, бо сторінку закрито або вона втратила зв’язок.
answer-interrupted = Бот перезапустився, поки над цим працював. Спробуй ще раз.
answer-restarting = Бот перезапускається. Спробуй ще раз за мить.
answer-empty = Модель надіслала порожню відповідь. Спробуй ще раз або запитай інакше.
answer-filtered = Постачальник моделі не пропустив решту цієї відповіді.
answer-without-pictures = Картинки завеликі для цього чату.
answer-nothing-to-stop = Зараз тут не пишеться жодної відповіді для тебе.
answer-stop-not-yours = Зупинити це може лише автор запитання або модератор.
answer-already-over = Ця відповідь уже готова.
answer-stopping = { $count ->
    [1] Зупиняю.
    [one] Зупиняю { $count } відповідь.
    [few] Зупиняю { $count } відповіді.
    [many] Зупиняю { $count } відповідей.
   *[other] Зупиняю { $count } відповіді.
}
answer-button-stop = Зупинити
answer-button-again = Спробувати ще раз
answer-button-regenerate = Нова відповідь
answer-button-continue = Продовжити
answer-button-model = Модель
answer-button-delete = Видалити
