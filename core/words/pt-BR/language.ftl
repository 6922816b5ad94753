# Como este idioma se chama, e a escolha de um.
language-name = Português (Brasil)
language-auto = O do aplicativo
