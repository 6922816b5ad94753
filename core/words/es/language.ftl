# Cómo se llama este idioma, y la elección de uno.
language-name = Español
language-auto = El de la aplicación
