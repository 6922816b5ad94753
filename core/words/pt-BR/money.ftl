# Dinheiro: o que se digita errado em /admin, contas vinculadas e o gráfico.
cap-change = Escreva assim: user:ID daily 0.50 monthly 5. Um valor também pode ser “off” ou “default”; NOME reset desfaz tudo.
cap-change-whole = Escreva assim: discord:ID daily 0.50 monthly 5. Um valor também pode ser “off” ou “default”; NOME reset desfaz tudo.
credit-change = Escreva assim: user:ID 5. O valor é em dólares americanos.{ $platform ->
    [telegram] {" "}Ou envie o comando como resposta a uma mensagem dessa pessoa.
   *[other] {""}
}
cap-amount = “{ $value }” não é um valor em dólares como 0.50.
cap-amount-unclear = “{ $value }” pode ser lido de dois jeitos. Escreva { $decimals } ou { $thousands }.
cap-name = “{ $name }” não é um nome como user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID ou all
   *[no] {" "}ou chat:ID
}.
cap-name-whole = “{ $name }” não é um nome como discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID ou all
   *[no] {" "}ou telegram:chat:ID
}.
cap-person = “{ $name }” não é o nome de uma pessoa como user:ID.
cap-person-whole = “{ $name }” não é o nome de uma pessoa como discord:ID, telegram:ID, web:SESSION ou terminal:LOGIN.
cap-channel = O dinheiro não é contado por canal, e sim por pessoa e por servidor. Escreva user:ID, role:ID ou guild:ID.
name-missing = Escreva quem depois do comando: user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} ou chat:ID.{ $platform ->
    [telegram] {" "}Ou envie o comando como resposta a uma mensagem dessa pessoa.
   *[other] {""}
}
link-unknown = Este código não é válido. Cada código vale uma vez, por dez minutos; peça outro com /link.
link-self = Este código é seu. Digite-o na sua outra conta.
link-already = As duas contas já usam a mesma carteira.
link-many = Esta carteira já tem o máximo de contas.
link-tries = Códigos errados demais. Espere dez minutos e peça um novo com /link.
refund-which = Escreva depois do comando o identificador da solicitação que está no livro-caixa.
refund-unknown = Não conheço esta solicitação, ou ela é antiga demais para ser reembolsada.
refund-open = Esta solicitação ainda não terminou.
refund-nothing = Esta solicitação não custou nada, ou já foi reembolsada.
audit-trimmed = O livro-caixa foi encurtado enquanto era lido. Tente de novo.
chart-title = { $days ->
    [one] Gasto de hoje
   *[other] Gasto dos últimos { $days } dias
}
chart-total = { $total } no total
chart-day = { $day ->
    [1] 1º
   *[other] { $day }
} de { $month ->
    [1] jan.
    [2] fev.
    [3] mar.
    [4] abr.
    [5] maio
    [6] jun.
    [7] jul.
    [8] ago.
    [9] set.
    [10] out.
    [11] nov.
   *[12] dez.
}
chart-words = Gasto dos últimos { $days } dias: { $total }; o maior, em { $day }: { $most }.
chart-nothing = Nada foi gasto nos últimos { $days } dias.
