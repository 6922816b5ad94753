# Що кажуть команди оператора в терміналі.
terminal-audited = Кожен підсумок збігається із журналом витрат.
terminal-differs = { $name } { $what }: підсумок { $total }, журнал витрат { $ledger }
terminal-backed-up = { $folder }: байтів { $bytes }. Зберігай CONTENT_KEY і параметри окремо.
terminal-restored = Відновлено записів: { $keys }. Перевір їх: `minitool-bots audit`.
terminal-erased = Стерто: запитань { $exchanges }, картинок { $pictures }, налаштувань { $settings }, замовлень { $orders }.
terminal-resealed = Зашифровано наново: { $sealed }. Не відкривається: { $unreadable }.
terminal-left-out = Не ввійшло, бо жоден ключ із CONTENT_KEY цього не відкриває: { $unreadable }.
terminal-store = Сховище: { $cause }
terminal-new-store = У { $folder } не було сховища: створено нове, у ньому ще нічого немає.
terminal-no-file = Це не звичайний файл.
