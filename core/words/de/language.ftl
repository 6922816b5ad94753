# Wie diese Sprache sich selbst nennt, und die Wahl einer.
language-name = Deutsch
language-auto = Wie in der App
