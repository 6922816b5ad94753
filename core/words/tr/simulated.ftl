# Simüle edilmiş API’nin yanıtları: ne aldıysa geri söyler ve hiçbirinin gerçek olmadığını belirtir.
simulated-notice = **Bu yanıt simülasyondur.** Hiçbir modele sorulmadı ve hiçbir şey ücretlendirilmedi; ayarlarda bir MiniToolAI anahtarı olunca burada gerçek model yanıt verir.
simulated-title-1 = İşte bana ulaşanlar
simulated-title-2 = Sorduğun soru, geri okunmuş hâliyle
simulated-title-3 = Yanıtının provası
simulated-title-4 = Demek bunu öğrenmek istiyorsun
simulated-asked = Şunu sordun:
simulated-earlier = { $count ->
    [one] Bu konuşmadan bir önceki soru da birlikte geldi: “{ $last }”.
   *[other] Bu konuşmadan { $count } önceki soru da birlikte geldi, sonuncusu: “{ $last }”.
}
simulated-sight = **Resim { $number }**: { $format }, { $size } piksel; ana renkleri: { $colours }.
simulated-blind = **Resim { $number }** burada okunamadı: ne istekle birlikte geldi ne de bu makinede bulunuyor.
simulated-filler-1 = Uzun bir yanıt istendi, bu paragraf da sayfayı dolduruyor. Metnin nasıl alt satıra geçtiğini, bir sayfanın nerede bitip sonrakinin nasıl başladığını gösteriyor ve bunu, doğruluğuna bakmaya değecek hiçbir şey söylemeden yapıyor.
simulated-filler-2 = Gerçek modeller bu noktada *artıları*, *eksileri* ve dengeli bir sonucu sıralamayı sever. Simülasyonun bir görüşü yoktur, ama görüşlerin genellikle ne kadar yer tuttuğunu bilir.
simulated-filler-3 = Sözcükler küçük bir modelin hızıyla, saniyede yaklaşık otuz parça olarak art arda gelir. Beklemek uzun sürerse “Durdur” düğmesi burada da gerçek bir yanıttaki gibi çalışır.
simulated-filler-4 = Tablolar, listeler ve kod da sayfa değişimini sağ salim atlatmalıdır; uzun yanıtları denemeye değmesinin nedeni budur: Bir sayfanın sonunda açık kalan ne varsa orada kapatılır ve sonraki sayfada yeniden açılır.
simulated-what = Ne gönderildi
simulated-value = Değer
simulated-row-model = Model
simulated-row-words = Sorudaki sözcükler
simulated-row-turns = Önceki sorular
simulated-row-pictures = Resimler
simulated-row-instructions = Talimatların karakter sayısı
simulated-row-temperature = Sıcaklık
simulated-code = Ve kopyalanacak bir şey olsun diye biraz kod:
simulated-closing-1 = Başka bir şey sor, bir resim ekle ya da `/imagine` ile bir tane sipariş et.
simulated-closing-2 = Devamında bir soru daha sorarsan konuşmanın akılda tutulduğunu görürsün.
simulated-closing-3 = Bir hatanın nasıl göründüğünü görmek için soruya `fault:500` ya da `fault:cut` ile başla.
simulated-closing-4 = Birkaç sayfalık bir yanıt için soruya “uzun” sözcüğünü ekle.
simulated-colour-unknown = bilinmiyor
simulated-colour-black = siyah
simulated-colour-white = beyaz
simulated-colour-grey = gri
simulated-colour-red = kırmızı
simulated-colour-orange = turuncu
simulated-colour-yellow = sarı
simulated-colour-green = yeşil
simulated-colour-turquoise = turkuaz
simulated-colour-blue = mavi
simulated-colour-lightblue = açık mavi
simulated-colour-purple = mor
simulated-colour-pink = pembe
simulated-colour-brown = kahverengi
simulated-colour-beige = bej
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = ve bu ne nasıl ben değil bir lütfen neden niçin resim resimde göster bana sen misin kim nerede zaman biz hangi açıkla yaz ile için hakkında var mı mi merhaba teşekkürler anlat
simulated-long = uzun ayrıntılı uzunca
simulated-very = çok
