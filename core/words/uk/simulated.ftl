# Відповіді імітації API: вона повторює, що отримала, і каже, що все це несправжнє.
simulated-notice = **Це імітація відповіді.** Жодна модель не відповідала, і нічого не сплачено; з ключем MiniToolAI в параметрах тут відповідає справжня модель.
simulated-title-1 = Ось що надійшло
simulated-title-2 = Твоє запитання, прочитане вголос
simulated-title-3 = Репетиція твоєї відповіді
simulated-title-4 = Отже, ось що ти хочеш знати
simulated-asked = Твоє запитання:
simulated-earlier = { $count ->
    [1] Також надійшло одне попереднє запитання цієї розмови: «{ $last }».
    [one] Також надійшло { $count } попереднє запитання цієї розмови, останнє з них: «{ $last }».
    [few] Також надійшли { $count } попередні запитання цієї розмови, останнє з них: «{ $last }».
    [many] Також надійшло { $count } попередніх запитань цієї розмови, останнє з них: «{ $last }».
   *[other] Також надійшло { $count } попереднього запитання цієї розмови, останнє з них: «{ $last }».
}
simulated-sight = **Картинка { $number }** — { $format }, { $size } пікс.; основні кольори: { $colours }.
simulated-blind = **Картинку { $number }** тут не вдалося прочитати: її немає ні в самому запиті, ні на цьому комп’ютері.
simulated-filler-1 = Потрібна була довга відповідь, тож цей абзац заповнює сторінку. Він показує, як переноситься текст, де закінчується одна сторінка і як починається наступна, і не каже нічого такого, що варто було б перевіряти.
simulated-filler-2 = Справжні моделі люблять перелічувати тут *переваги*, *недоліки* й виважений висновок. Імітація не має власної думки, але знає, скільки місця думки зазвичай займають.
simulated-filler-3 = Слова надходять одне за одним у темпі невеликої моделі, приблизно тридцять шматочків на секунду. Якщо чекати надто довго, кнопка «Зупинити» працює тут так само, як і зі справжньою відповіддю.
simulated-filler-4 = Таблиці, списки й код теж мають пережити перехід на нову сторінку, тому довгі відповіді варто випробувати: усе, що на кінець сторінки ще відкрите, там закривається, а на наступній відкривається знову.
simulated-what = Що надіслано
simulated-value = Значення
simulated-row-model = Модель
simulated-row-words = Слів у запитанні
simulated-row-turns = Попередніх запитань
simulated-row-pictures = Картинок
simulated-row-instructions = Символів в інструкціях
simulated-row-temperature = Температура
simulated-code = І трохи коду, щоб було що копіювати:
simulated-closing-1 = Запитай щось інше, прикріпи картинку або замов нову командою `/imagine`.
simulated-closing-2 = Постав уточнювальне запитання, і побачиш, що розмова не забувається.
simulated-closing-3 = Почни запитання з `fault:500` або `fault:cut`, щоб побачити, який вигляд має помилка.
simulated-closing-4 = Додай до запитання слово «докладно», щоб отримати відповідь на кілька сторінок.
simulated-colour-unknown = невідомо
simulated-colour-black = чорний
simulated-colour-white = білий
simulated-colour-grey = сірий
simulated-colour-red = червоний
simulated-colour-orange = помаранчевий
simulated-colour-yellow = жовтий
simulated-colour-green = зелений
simulated-colour-turquoise = бірюзовий
simulated-colour-blue = синій
simulated-colour-lightblue = блакитний
simulated-colour-purple = фіолетовий
simulated-colour-pink = рожевий
simulated-colour-brown = коричневий
simulated-colour-beige = бежевий
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = і це що як я не один чому будь ласка картинка картинці покажи мені ти можеш хто де коли ми який яка поясни напиши з для про на в у із й та хвилі світанку привіт дякую розкажи є
simulated-long = довгий довго довгу докладно докладний
simulated-very = дуже
