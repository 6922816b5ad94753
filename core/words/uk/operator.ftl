# Сторінки адміністратора.
operator-title = Керування
operator-skip = Перейти до вмісту
operator-simulated = За це нічого не сплачено.
operator-nav = Сторінки
operator-nav-overview = Огляд
operator-nav-spend = Витрати
operator-nav-people = Люди
operator-nav-chats = Чати
operator-nav-caps = Ліміти
operator-nav-access = Доступ
operator-nav-personas = Персонажі
operator-nav-catalogue = Ціни
operator-nav-settings = Параметри
operator-nav-trail = Журнал змін
operator-login = Вхід
operator-login-about = Ці сторінки показують, скільки витрачає бот і хто може ним користуватися.
operator-login-go = Увійти
operator-login-wrong = Пароль неправильний.
operator-login-busy = Забагато спроб. Спробуй ще раз { $wait }.
operator-password = Пароль
operator-logout = Вийти
operator-refused = Ця форма вже не чинна
operator-refused-about = Вона прийшла з іншої сторінки або надто довго була відкрита. Нічого не змінено.
operator-away = Сховище недоступне
operator-away-about = Воно не відповідає, тож показати нічого, і нічого не витрачається. Спробуй ще раз за мить.
operator-again = Спробувати ще раз

operator-today = Сьогодні
operator-month = Цього місяця
operator-of = / { $cap }
operator-of-cap = { $percent } % із { $cap }
operator-no-cap = Без ліміту
operator-nothing-allowed = Нічого не дозволено
operator-held = { $amount } зарезервовано
operator-live-answer = Відповіді в роботі
operator-live-picture = Картинки в роботі
operator-oldest = Найдовше триває: { $age }
operator-quiet = Усе тихо
operator-announced = Оголошення: { $text }
operator-live = У роботі
operator-live-on = Наживо
operator-live-about = Оновлює числа нижче, доки сторінку відкрито
operator-live-none = Зараз нічого не пишеться й не малюється.
operator-doing-waiting = У черзі
operator-doing-painting = Малюється
operator-doing-delivering = Надсилається
operator-more = І ще { $n }.
operator-what = Що
operator-who = Хто
operator-where = Де
operator-age = Триває
operator-age-seconds = { $n } с
operator-age-minutes = { $n } хв
operator-age-hours = { $n } год
operator-age-days = { $n } дн.
operator-last = Востаннє { $age } тому
operator-troubles = Помилки за останню годину
operator-troubles-none = За останню годину помилок не було.
operator-trouble-unreachable = MiniToolAI не відповідає.
operator-trouble-throttled = MiniToolAI просить нас сповільнитися.
operator-trouble-rejected = MiniToolAI відхиляє окремі запити.
operator-trouble-no-model = У MiniToolAI немає моделі, яку запитали.
operator-trouble-stream-cut = Відповіді обриваються, не дійшовши до кінця.
operator-trouble-job-failed = Картинки не вдається намалювати. Гроші ні з кого не знято.
operator-trouble-job-late = Картинки не приходять вчасно.
operator-trouble-job-unknown = Невідомо, чи дійшли замовлення картинок.
operator-trouble-bad-key = MiniToolAI не приймає ключ, або баланс вичерпано. Ніхто не отримує відповідей.
operator-trouble-delivery = Чат не показує того, що ми надсилаємо.
operator-trouble-slow-down = Чат просить нас сповільнитися.
operator-trouble-too-big = Щось виявилося завеликим для чату.
operator-trouble-gone = Повідомлень чи чатів, куди ми писали, вже не було.
operator-trouble-store = Сховище не відповідає. Доки воно недоступне, нічого не витрачається.
operator-trouble-incident = Помилка в нашій програмі. Причина — у логах під указаним номером.
operator-trouble-upstream = MiniToolAI сам відповідає помилками.
operator-trouble-other = Пішло не так щось інше; що саме, сказано в логах.

operator-spent = Витрачено
operator-spent-days = Витрачено за { $days ->
    [one] { $days } день
    [few] { $days } дні
    [many] { $days } днів
   *[other] { $days } дня
}
operator-all = Показати все
operator-total = Усього
operator-rest = Усі інші
operator-nobody = Без чату
operator-forgotten = Стерто
operator-requests = { $n ->
    [one] { NUMBER($n) } запит
    [few] { NUMBER($n) } запити
    [many] { NUMBER($n) } запитів
   *[other] { NUMBER($n) } запиту
}
operator-top-person = Хто сьогодні витратив найбільше
operator-top-chat = Де сьогодні витрачено найбільше
operator-nothing-today = Сьогодні нічого не витрачено.
operator-nothing-spent = За цей час нічого не витрачено.
operator-by = Групувати за
operator-by-person = Людина
operator-by-chat = Чат
operator-by-model = Модель
operator-by-kind = Вид
operator-kind-ask = Відповіді
operator-kind-imagine = Картинки
operator-by-day = Таблиця за днями
operator-day = День
operator-period = Період
operator-days = { $n ->
    [one] { $n } день
    [few] { $n } дні
    [many] { $n } днів
   *[other] { $n } дня
}
operator-col-requests = Запити
operator-col-in = Токени на вході
operator-col-out = Токени на виході
operator-share = Частка
operator-chart-hint = Потягни, щоб наблизити; двічі клацни, щоб побачити все; стрілками читай значення
operator-chart-models = Витрати за моделями, { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}, усього { $total }
operator-chart-model = Витрати за моделями, { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}, усього { $total }
operator-chart-person = Витрати за людьми, { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}, усього { $total }
operator-chart-chat = Витрати за чатами, { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}, усього { $total }
operator-chart-kind = Витрати за видами, { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}, усього { $total }
operator-chart-one = Витрати за { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}: { $name }
operator-pages = Сторінки списку
operator-page = Сторінка { $page } з { $pages }, усього записів: { NUMBER($count) }
operator-page-before = Назад
operator-page-after = Далі

operator-search = Шукати
operator-search-person = Знайти людину за частиною назви, як-от discord:123
operator-search-chat = Знайти чат за частиною назви, як-от telegram:chat:-100
operator-search-end = Назад до списку
operator-dearest-person = Хто витрачав за { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}, від найбільших сум.
operator-dearest-chat = Де витрачали за { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}, від найбільших сум.
operator-found = { $n ->
    [0] Нічого не знайдено.
   *[other] Знайдено: { NUMBER($n) }.
}
operator-cut = Є ще: введи довшу частину назви.
operator-found-none = Під такою назвою ще нічого не сплачено.
operator-open = Відкрити { $name }
operator-denied = Доступ закрито
operator-denied-settings = Є в параметрі DENY.
operator-unknown = Ще нічого не витрачено
operator-linked = Спільний гаманець із
operator-allow = Відкрити доступ
operator-deny = Закрити доступ
operator-credit = Додаткові кошти
operator-credit-about = Використовуються, коли власні ліміти вичерпано.
operator-grant = Дати додаткові кошти
operator-grant-about = Вони діють, доки їх не витрачено. Ліміти чату та спільні ліміти залишаються чинними.
operator-grant-go = Дати
operator-take-back = Забрати { $amount }
operator-dollars = Долари
operator-save = Зберегти
operator-add = Додати
operator-remove = Прибрати
operator-change = Змінити
operator-reset = Скинути
operator-default = Типово
operator-models-month = Моделі цього місяця
operator-newest-requests = Останні запити
operator-request = Запит
operator-became = Чим закінчився
operator-became-open = виконується
operator-became-settled = оплачено
operator-became-released = безкоштовно: не надіслано або у відповідь прийшла помилка
operator-became-late = безкоштовно: картинка не прийшла вчасно
operator-became-unknown = безкоштовно: невідомо, чи дійшов він
operator-became-failed = безкоштовно: картинки не вийшло
operator-became-lease = оплачено повністю: чим закінчився, невідомо
operator-became-refunded = гроші повернено
operator-refund = Повернути гроші
operator-defaults = Типові налаштування цього чату
operator-defaults-about = Для всіх тут, хто нічого не обрав.
operator-personas-chat = Персонажі цього чату
operator-persona-add = Додати персонажа
operator-prompt = Інструкції

operator-cap-default = Типово
operator-cap-off = Без ліміту
operator-caps-how = Долари, як-от 0.50. «off» — без ліміту, 0 не пропускає нічого, порожнє поле — типове значення. Діють від наступного запиту.
operator-caps-set = Задати ліміти
operator-caps-settings = Людина чи чат без власних лімітів має типові ліміти, задані в параметрах.
operator-everyone-person = Кожна людина, типово
operator-everyone-chat = Кожен чат, типово
operator-everyone-all = Усі разом

operator-access-about = Назви, як у ALLOW і DENY. Заборона переважає все, крім прав адміністратора. Якщо ALLOW порожній, доступ мають усі.
operator-list-deny = Доступ закрито
operator-list-allow = Доступ відкрито
operator-list-deny-empty = Нікому.
operator-list-allow-empty = Усім, кому його не закрито.
operator-blocked = Заблоковані слова
operator-blocked-about = Опис із будь-яким із цих слів відхиляється ще до оплати.
operator-blocked-file = Інші слова — у { $file }.
operator-words = Слова
operator-announce = Оголошення
operator-announce-about = Кожен прочитає його один раз, під наступною відповіддю бота. Порожній текст скасовує оголошення; за тиждень воно зникне саме.
operator-announce-text = Текст

operator-personas-about = Стилі розмови, які може обрати кожен. Персонажі окремих чатів — на сторінках цих чатів.
operator-personas-file = Узято з файлу з комплекту та { $file }.
operator-catalogue-about = Каталог із комплекту. CATALOGUE_FILE додає моделі та змінює ціни.
operator-catalogue-file = Каталог із комплекту зі змінами з { $file }.
operator-price-in = Вхід
operator-price-cached = Вхід із кешу
operator-price-out = Вихід
operator-per-million = Ціни за мільйон токенів. Зміни діють після SIGHUP або перезапуску.
operator-context = Контекст
operator-most-out = Найдовша відповідь
operator-sees = Бачить картинки
operator-yes = Так
operator-image-model = Модель для картинок
operator-price-picture = За картинку
operator-adult = Вікове обмеження

operator-settings-about = Параметри цього процесу. Середовище переважає .env; зміни діють після перезапуску, а для ALLOW і DENY — також після SIGHUP.
operator-value = Значення
operator-source = Джерело
operator-source-environment = Середовище
operator-source-file = .env
operator-source-default = Типово
operator-secret-set = Задано, не показано
operator-empty = Порожньо

operator-trail-about = Хто що змінив, спочатку найновіше.
operator-trail-none = Ще ніхто нічого не змінював.
operator-when = Коли
operator-by-whom = Хто
operator-whom = Для кого
operator-newest = Найновіші
operator-older = Давніші
operator-change-cap = Ліміти
operator-change-grant = Кошти
operator-change-refund = Повернення коштів
operator-change-link = Гаманці об’єднано
operator-change-unlink = Гаманці роз’єднано
operator-change-allow = Доступ відкрито
operator-change-deny = Доступ закрито
operator-change-block = Слова заблоковано
operator-change-unblock = Слова розблоковано
operator-change-model = Модель чату
operator-change-persona = Персонаж чату
operator-change-persona-defined = Персонажа створено
operator-change-persona-removed = Персонажа прибрано
operator-change-announce = Оголошення
operator-change-caps = На день: { $day }, на місяць: { $month }

operator-done-caps = Ліміти для { $name } діють від наступного запиту.
operator-done-blocked = Заблоковані слова змінено.
operator-done-defaults = Типові налаштування для { $name } змінено.
