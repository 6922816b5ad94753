imagine-ordering = Sipariş veriliyor… { $price }{ $knows ->
    [yes] , sonra { $left } paran kalır.
   *[no] .
}
imagine-in-line = Sırada, { $place }. yerde. { $price }{ $knows ->
    [yes] , sonra { $left } paran kalır.
   *[no] .
}
imagine-painting = Çiziliyor… { $elapsed } sn
imagine-painting-expected = Çiziliyor… { $elapsed } sn / yaklaşık { $expected } sn
imagine-stuck = Bot şu anda hiçbir şey kaydedemiyor. Resmin, kaydedebildiği anda gelir ve onun için yalnızca bir kez ödersin.
imagine-left = Bot hâlâ hiçbir şey kaydedemiyor. Resmin, kaydedebildiğinde sonraki bir ziyaretinde gelir ve onun için yalnızca bir kez ödersin.
imagine-unknown-money = { $refunded ->
    [yes] Senden para alınmadı.
   *[no] Senden para alındı; bot yöneticisi iade edebilir.
}
imagine-from-earlier = { $count ->
    [one] Bir resim önceki siparişlerden; o zaman gönderilememişti.
   *[other] { $count } resim önceki siparişlerden; o zaman gönderilememişti.
}
imagine-no-pictures = Burada resim paylaşılamıyor. Özel sohbetimizde bana /usage gönder, resmini oradan al.
imagine-no-pictures-adult = Burada resim paylaşılamıyor. Resim paylaşılabilen, yaş sınırlı bir yerde bana /usage gönder, resmini oradan al.
imagine-no-files = Burada dosya paylaşılamıyor.
imagine-cancelled = İptal edildi. Senden para alınmadı.
imagine-too-late = İptal için çok geç: resim çiziliyor ve parası ödendi.
imagine-pick-shape = Hangi biçim? Ücreti { $price }.
imagine-detail-model = Model
imagine-detail-size = Boyut
imagine-detail-steps = Adımlar
imagine-detail-cfg = Açıklamaya bağlılık
imagine-detail-scheduler = Yöntem
imagine-detail-price = Fiyat
imagine-detail-negative = Olmayacaklar
shape-square = Kare
shape-portrait = Dikey
shape-landscape = Yatay
shape-wide = Geniş
shape-tall = Uzun
shape-small = Küçük
action-again = Bir daha ({ $price })
action-vary = Farklı çiz
action-shape = Biçim
action-details = Ayrıntılar
action-file = Dosya olarak
action-cancel = İptal et
action-delete = Sil
easel-note = Nasıl çizilsin? “Çiz” düğmesine basmadan hiçbir şey ödenmez.
imagine-words-alone = Yalnızca sözcüklerden çizerim. Açıklamayı resim olmadan gönder.
easel-words-alone = Yalnızca sözcüklerden çizerim: resim kullanılmaz.
easel-paint = Çiz · { $price }
easel-shape = Hangi biçim?
easel-model = Hangi model?
easel-steps = Kaç adım? Daha çok adım, daha çok ayrıntı.
easel-steps-now = { $steps ->
    [one] Bir adım
   *[other] { $steps } adım
}
easel-style = Sözlerine ne kadar bağlı kalsın?
easel-style-free = Özgür tarz
easel-style-loose = Rahat tarz
easel-style-close = Sözlerime yakın
easel-style-strict = Harfi harfine
easel-count = Kaç resim?
easel-count-now = { $count ->
    [one] Bir resim
   *[other] { $count } resim
}
easel-back = « Geri
easel-over = Bu zaten sipariş edildi ya da çok eski. Yeniden iste.
imagine-some = Hazır resimler: { $made }/{ $count }.
