# Kullanılamayan resimler ve dosyalar: hangisi, neden ve ne yapmalı.
# Yalnızca bir tane olduğunda $number 0’dır.
attachment-too-big = “{ $name }” dosyası çok büyük; en fazla { $mib } MB olabilir.
attachment-gone = Bu dosya artık yok. Yeniden ekle.
too-many-files = Bir seferde çok fazla dosya var ({ $count }; en fazla { $most } olabilir). Daha az gönder.
files-too-big = Bu dosyalar birlikte çok büyük; en fazla { $most } MB olabilir. Daha az gönder.
file-empty = { $number ->
    [0] Dosya
   *[other] { $number }. dosya
} boş. Yeniden ekle.
file-wrong-type = { $number ->
    [0] Dosya
   *[other] { $number }. dosya
} okunamayan bir türde ({ $name }). Resim (PNG, JPEG, WEBP, GIF), metin, kod ve PDF okunabilir.
no-recordings = Metin okur, resimlere bakarım; ses kaydı dinleyemiyor, video izleyemiyorum.
text-wrong-letters = { $number ->
    [0] Dosya
   *[other] { $number }. dosya
} bilinmeyen bir karakter kodlamasında bir metin ({ $name }). UTF-8 olarak kaydedip yeniden gönder.
picture-wrong-type = { $number ->
    [0] Resim
   *[other] { $number }. resim
} PNG, JPEG, WEBP ya da GIF değil ({ $kind }). Bu biçimlerden birinde gönder.
picture-broken = { $number ->
    [0] Resim
   *[other] { $number }. resim
} bozuk ya da eksik. Yeniden gönder ya da önce yeniden kaydet.
picture-too-large = { $number ->
    [0] Resimde
   *[other] { $number }. resimde
} çok fazla piksel var; en fazla { $most } megapiksel olabilir. Küçültüp gönder.
picture-too-long = { $number ->
    [0] Resim
   *[other] { $number }. resim
} çok uzun; bir kenarı en fazla { $most } piksel olabilir. Önemli olan bölümünü gönder.
picture-blind-model = { $model } resim göremiyor. /model ile başka bir model seç.
picture-left-out = Model artık önceki { $count ->
    [one] bir resmi
   *[other] { $count } resmi
} görmüyor.
pdf-broken = { $number ->
    [0] PDF
   *[other] { $number }. dosya (PDF)
} bozuk. Yeniden kaydet ya da metni yapıştır.
pdf-locked = { $number ->
    [0] PDF
   *[other] { $number }. dosya (PDF)
} parolayla kilitli. Parolasız gönder.
pdf-no-text = { $number ->
    [0] PDF içinde
   *[other] { $number }. dosyada (PDF)
} metin yok, yalnızca metnin resmi var. Sayfaları resim olarak gönder.
pdf-too-hard = { $number ->
    [0] PDF
   *[other] { $number }. dosya (PDF)
} okunamayacak kadar karmaşık. Önemli sayfaları gönder ya da metni yapıştır.
