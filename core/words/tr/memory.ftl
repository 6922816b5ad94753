# Konuşmalar, kişilikler, akılda tutulanlar ve silinenler.
persona-default = Yardımcı
persona-default-detail = Yardımsever ve konuya odaklı
persona-brief = Kısa
persona-brief-detail = Bir ile üç cümle arası, fazlası yok
persona-tutor = Öğretmen
persona-tutor-detail = Adım adım anlatır, çözümü sana buldurur
persona-coder = Programcı
persona-coder-detail = Kod inceler ve yazar
persona-own = Kendi talimatların
persona-own-detail = Bota nasıl konuşacağı hakkında söylediklerin
persona-of-chat = Bu sohbet için yapıldı
prompt-too-long = Bu talimatlar çok uzun ({ $length } karakter; en fazla { $most } olabilir). Kısalt.
too-many-personas = Bu sohbetin zaten kendine ait { $most } kişiliği var. Önce birini kaldır.
memory-new = Yeni bir konuşma. Daha önce söylenenler buna dâhil değil.
memory-forgotten = Silindi: { $what }. Harcadıkların yalnızca tutar olarak saklanır.
forgotten-exchanges = { $count ->
    [one] bir soru ve yanıtı
   *[other] { $count } soru ve yanıtları
}
forgotten-pictures = { $count ->
    [one] bir resim
   *[other] { $count } resim
}
forgotten-settings = { $count ->
    [one] bir ayar
   *[other] { $count } ayar
}
forgotten-orders = { $count ->
    [one] bir sipariş
   *[other] { $count } sipariş
}
memory-nothing = Senin hakkında silinecek bir şey yoktu. Harcadıkların yalnızca tutar olarak saklanır.
