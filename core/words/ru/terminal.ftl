# Что говорят команды оператора в терминале.
terminal-audited = Каждый итог сходится с журналом операций.
terminal-differs = { $name } { $what }: итог { $total }, журнал операций { $ledger }
terminal-backed-up = { $folder }: байт { $bytes }. Храни CONTENT_KEY и настройки отдельно.
terminal-restored = Восстановлено записей: { $keys }. Проверь их: `minitool-bots audit`.
terminal-erased = Стёрто: вопросов { $exchanges }, картинок { $pictures }, настроек { $settings }, заказов { $orders }.
terminal-resealed = Зашифровано заново: { $sealed }. Не открывается: { $unreadable }.
terminal-left-out = Не вошло, потому что ни один ключ из CONTENT_KEY это не открывает: { $unreadable }.
terminal-store = Хранилище: { $cause }
terminal-new-store = В { $folder } не было хранилища: начато новое, в нём пока ничего нет.
terminal-no-file = Это не обычный файл.
