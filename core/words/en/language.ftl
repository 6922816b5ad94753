# How this language calls itself, and the choice of one.
language-name = English
language-auto = Same as the app
