answer-working = Думаю…
answer-still-waiting = Всё ещё жду модель. Она отвечает дольше обычного.
answer-stopped = Остановлено.
answer-stopped-early = Остановлено до первого слова.
answer-cut =
    Ответ здесь оборвался. { $buttons ->
        [no] Спроси ещё раз.
       *[yes] Нажми «Продолжить» или спроси ещё раз.
    }
answer-cut-length =
    Ответ достиг предельной длины. { $buttons ->
        [no] Попроси ответить короче.
       *[yes] Нажми «Продолжить», чтобы получить остальное.
    }
answer-cut-budget = На более длинный ответ не хватило бюджета.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage покажет, когда он обновится.
}
answer-cut-restart =
    Бот перезапустился, не закончив ответ. { $buttons ->
        [no] Спроси ещё раз.
       *[yes] Нажми «Продолжить» или спроси ещё раз.
    }
answer-cut-left = Ответ оборвался, потому что страницу закрыли или она потеряла связь.
answer-interrupted = Бот перезапустился во время работы над этим. Попробуй ещё раз.
answer-restarting = Бот перезапускается. Попробуй ещё раз чуть позже.
answer-empty = Модель прислала пустой ответ. Попробуй ещё раз или спроси иначе.
answer-filtered = Поставщик модели не пропустил остаток этого ответа.
answer-without-pictures = Картинки слишком большие для этого чата.
answer-nothing-to-stop = Для тебя здесь сейчас не пишется ни один ответ.
answer-stop-not-yours = Остановить это может только тот, кто спросил, или модератор.
answer-already-over = Этот ответ уже готов.
answer-stopping = { $count ->
    [1] Останавливаю.
    [one] Останавливаю { $count } ответ.
    [few] Останавливаю { $count } ответа.
    [many] Останавливаю { $count } ответов.
   *[other] Останавливаю { $count } ответа.
}
answer-button-stop = Стоп
answer-button-again = Ещё раз
answer-button-regenerate = Новый ответ
answer-button-continue = Продолжить
answer-button-model = Модель
answer-button-delete = Удалить
