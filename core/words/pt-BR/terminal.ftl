# O que os subcomandos dizem no terminal.
terminal-audited = Cada total bate com a soma do livro-caixa.
terminal-differs = { $name } { $what }: total { $total }, livro-caixa { $ledger }
terminal-backed-up = { $folder }: { $bytes } bytes. Guarde CONTENT_KEY e as configurações em outro lugar.
terminal-restored = Entradas restauradas: { $keys }. Confira com `minitool-bots audit`.
terminal-erased = Apagado: perguntas { $exchanges }, imagens { $pictures }, configurações { $settings }, pedidos { $orders }.
terminal-resealed = Cifrado de novo: { $sealed }. Não dá para abrir: { $unreadable }.
terminal-left-out = Ficou de fora, porque nenhuma chave de CONTENT_KEY abre: { $unreadable }.
terminal-store = O armazenamento: { $cause }
terminal-new-store = Não havia armazenamento em { $folder }: começa um novo, sem nada dentro.
terminal-no-file = Não é um arquivo comum.
