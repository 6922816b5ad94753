# Ответы имитации API: она повторяет то, что получила, и говорит, что всё это не по-настоящему.
simulated-notice = **Этот ответ — имитация.** Никакую модель не спрашивали, и ничего не оплачено; с ключом MiniToolAI в настройках здесь ответит настоящая модель.
simulated-title-1 = Вот что пришло
simulated-title-2 = Твой вопрос, прочитанный вслух
simulated-title-3 = Репетиция твоего ответа
simulated-title-4 = Так вот что тебе хочется узнать
simulated-asked = Твой вопрос:
simulated-earlier = { $count ->
    [1] Вместе с ним пришёл один прежний вопрос этого разговора: «{ $last }».
    [one] Вместе с ним пришёл { $count } прежний вопрос этого разговора, последний: «{ $last }».
    [few] Вместе с ним пришли { $count } прежних вопроса этого разговора, последний: «{ $last }».
    [many] Вместе с ним пришло { $count } прежних вопросов этого разговора, последний: «{ $last }».
   *[other] Вместе с ним пришло { $count } прежнего вопроса этого разговора, последний: «{ $last }».
}
simulated-sight = **Картинка { $number }** — { $format }, размер { $size } пикселей; основные цвета: { $colours }.
simulated-blind = **Картинку { $number }** прочитать здесь не удалось: её нет ни в самом вопросе, ни на этой машине.
simulated-filler-1 = Ответ заказан длинный, поэтому этот абзац заполняет страницу. Он показывает, как переносится текст, где кончается одна страница и как начинается следующая, и не говорит ничего такого, что стоило бы проверять.
simulated-filler-2 = Настоящие модели любят перечислять здесь *достоинства*, *недостатки* и взвешенный вывод. У имитации нет мнений, но она знает, сколько места они обычно занимают.
simulated-filler-3 = Слова приходят одно за другим со скоростью небольшой модели, примерно тридцать кусочков в секунду. Если ждать слишком долго, кнопка остановки работает здесь точно так же, как с настоящим ответом.
simulated-filler-4 = Таблицы, списки и код тоже должны пережить переход на новую страницу, поэтому длинные ответы стоит попробовать: всё, что открыто в конце одной страницы, закрывается там и снова открывается на следующей.
simulated-what = Что отправлено
simulated-value = Значение
simulated-row-model = Модель
simulated-row-words = Слов в вопросе
simulated-row-turns = Прежних вопросов
simulated-row-pictures = Картинок
simulated-row-instructions = Символов в инструкциях
simulated-row-temperature = Температура
simulated-code = И кусочек кода, чтобы было что скопировать:
simulated-closing-1 = Спроси что-нибудь ещё, прикрепи картинку или закажи её с помощью `/imagine`.
simulated-closing-2 = Уточняющий вопрос покажет, что разговор запоминается.
simulated-closing-3 = Начни вопрос с `fault:500` или `fault:cut`, чтобы увидеть, как выглядит ошибка.
simulated-closing-4 = Добавь в вопрос слово «подробно», чтобы получить ответ на несколько страниц.
simulated-colour-unknown = неизвестен
simulated-colour-black = чёрный
simulated-colour-white = белый
simulated-colour-grey = серый
simulated-colour-red = красный
simulated-colour-orange = оранжевый
simulated-colour-yellow = жёлтый
simulated-colour-green = зелёный
simulated-colour-turquoise = бирюзовый
simulated-colour-blue = синий
simulated-colour-lightblue = голубой
simulated-colour-purple = фиолетовый
simulated-colour-pink = розовый
simulated-colour-brown = коричневый
simulated-colour-beige = бежевый
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = и это что как я не один почему пожалуйста картинка картинке покажи мне ты можешь кто где когда мы какой какая объясни напиши с для о на в из привет спасибо расскажи
simulated-long = длинный длинно длинную подробно подробный
simulated-very = очень
