# Para quem cuida do bot: o que /admin diz, e os alertas em particular.
admin-granted = { $who } agora tem { $credit } de crédito extra.
admin-refunded = Reembolsado: { $amount }.
admin-allowed = { $who } pode usar o bot.
admin-denied = { $who } não pode mais usar o bot.
deny-admin = { $who } é admin, e admins não podem ser barrados. Primeiro tire o nome de ADMINS.
admin-in-settings = { $who } está em DENY, na configuração. Só uma mudança lá libera o acesso de novo.
admin-blocked = Nenhuma descrição de imagem pode conter:
admin-nothing-blocked = Nenhuma palavra foi proibida com /admin block.
not-blocked = “{ $words }” não está na lista.
too-many-blocked = Não cabem mais de { $most } entradas. Remova uma antes.
admin-none = Nada definido
admin-persona-pick = Como devo falar aqui com quem não escolheu nada?
admin-persona-set = A persona aqui: { $name }.
admin-persona-none = Não há mais nenhuma persona definida aqui.
admin-persona-made = Agora existe aqui a persona { $name }.
admin-persona-gone = A persona { $name } não existe mais aqui.
persona-name = “{ $name }” não pode ser o nome de uma persona: use uma palavra curta, sem dois-pontos.
unknown-persona = Não existe a persona “{ $name }” aqui. Opções: { $known }.
admin-model-pick = Qual modelo deve responder aqui a quem não escolheu nada? Os preços são por milhão de tokens.
admin-model-set = O modelo aqui: { $name }.
admin-model-none = Não há mais nenhum modelo definido aqui.
admin-announced = Todo mundo vai ler isto uma vez, abaixo da próxima resposta: { $text }
admin-unannounced = Não há nenhum aviso.
announcement = Da equipe do bot: { $text }
admin-status = Respostas em andamento: { $answers }. Imagens: sendo desenhadas { $painting }, na fila { $waiting }. O armazenamento responde em { $store } ms. Gasto total: { $today } hoje, { $month } neste mês.
alert-key-refused = A MiniToolAI recusa a chave ({ $cause }). Ninguém recebe respostas até MINITOOLAI_API_KEY estar certa.
alert-balance-gone = O saldo na MiniToolAI acabou ({ $cause }). Ninguém recebe respostas até ele ser recarregado.
alert-model-gone = A MiniToolAI não tem o modelo { $model } ({ $cause }). Coloque outro na configuração; se nenhum funcionar, verifique MINITOOLAI_BASE_URL.
alert-store-away = O armazenamento não responde ({ $cause }). Até ele voltar, nada é gasto e ninguém recebe respostas.
alert-store-not-durable = { $why ->
    [evicts] O armazenamento pode descartar o que já foi pago: defina maxmemory-policy como noeviction.
    [write-failed] O armazenamento não consegue gravar no disco. O que ele não consegue gravar, como o que é gasto a partir de agora, se perde quando ele para.
    [full] O armazenamento está quase cheio: dê mais memória a ele. Quando encher, nada será gasto, então ninguém receberá respostas.
   *[no-appendonly] O armazenamento não guarda nada se parar: defina appendonly como yes.
}
alert-cap-near = { $percent }% do limite geral de { $cap } { $period ->
    [day] para hoje
   *[month] para este mês
} já foram usados. Aumente-o com /admin caps all { $period ->
    [day] daily
   *[month] monthly
} VALOR, ou em breve solicitações serão recusadas.
alert-cap-used = O limite geral { $period ->
    [day] de hoje
   *[month] deste mês
} acabou: há solicitações sendo recusadas. Aumente-o com /admin caps all { $period ->
    [day] daily
   *[month] monthly
} VALOR.
alert-overrun = A solicitação { $request } custou { $spent }, mais que os { $held } reservados. Tudo foi contabilizado. Compare os preços e limites do catálogo com o que a MiniToolAI cobra; /admin refund reembolsa.
alert-books-differ = { $count ->
    [one] Um total não bate
   *[other] { $count } totais não batem
} com a soma do livro-caixa. Veja quais com: minitool-bots audit
