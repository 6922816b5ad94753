# Le nom de cette langue, et le choix d’une langue.
language-name = Français
language-auto = Comme l’application
