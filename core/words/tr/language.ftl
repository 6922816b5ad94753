# Bu dilin kendi adı ve dil seçimi.
language-name = Türkçe
language-auto = Uygulamanın dili
