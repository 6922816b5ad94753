# Lo que dicen los subcomandos en la terminal.
terminal-audited = Cada total coincide con la suma de su libro de cuentas.
terminal-differs = { $name } { $what }: total { $total }, libro de cuentas { $ledger }
terminal-backed-up = { $folder }: { $bytes } bytes. Guarda CONTENT_KEY y la configuración en otro lugar.
terminal-restored = Entradas restauradas: { $keys }. Compruébalas con `minitool-bots audit`.
terminal-erased = Borrado: preguntas { $exchanges }, imágenes { $pictures }, ajustes { $settings }, pedidos { $orders }.
terminal-resealed = Cifrado de nuevo: { $sealed }. No se puede abrir: { $unreadable }.
terminal-left-out = No está incluido, porque ninguna clave de CONTENT_KEY lo abre: { $unreadable }.
terminal-store = El almacenamiento: { $cause }
terminal-new-store = No había almacenamiento en { $folder }: empieza uno nuevo, sin nada dentro.
terminal-no-file = No es un archivo normal.
