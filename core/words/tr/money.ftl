# Para: yöneticilerin yanlış yazdıkları, hesap bağlama ve grafik.
cap-change = Şöyle yaz: user:ID daily 0.50 monthly 5. Tutar yerine “off” ya da “default” yazılabilir; AD reset hepsini geri alır.
cap-change-whole = Şöyle yaz: discord:ID daily 0.50 monthly 5. Tutar yerine “off” ya da “default” yazılabilir; AD reset hepsini geri alır.
credit-change = Şöyle yaz: user:ID 5. Tutar ABD doları cinsindendir.{ $platform ->
    [telegram] {" "}Ya da komutu o kişinin bir mesajına yanıt olarak gönder.
   *[other] {""}
}
cap-amount = “{ $value }”, 0.50 gibi dolar cinsinden bir tutar değil.
cap-amount-unclear = “{ $value }” iki ayrı tutar anlamına gelebilir. { $decimals } ya da { $thousands } yaz.
cap-name = “{ $name }”; user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID ya da all
   *[no] {" "}ya da chat:ID
} gibi bir ad değil.
cap-name-whole = “{ $name }”; discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID ya da all
   *[no] {" "}ya da telegram:chat:ID
} gibi bir ad değil.
cap-person = “{ $name }”; user:ID gibi bir kişi adı değil.
cap-person-whole = “{ $name }”; discord:ID, telegram:ID, web:SESSION ya da terminal:LOGIN gibi bir kişi adı değil.
cap-channel = Para kanala göre değil, kişiye ve sunucuya göre sayılır. user:ID, role:ID veya guild:ID yaz.
name-missing = Komuttan sonra kimi kastettiğini yaz: user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} veya chat:ID.{ $platform ->
    [telegram] {" "}Ya da komutu o kişinin bir mesajına yanıt olarak gönder.
   *[other] {""}
}
link-unknown = Böyle bir kod yok. Her kod bir kez, on dakika boyunca geçerlidir; /link ile yenisini al.
link-self = Bu senin kendi kodun. Diğer hesabınla gir.
link-already = İki hesap zaten tek cüzdan kullanıyor.
link-many = Bu cüzdana bundan fazla hesap bağlanamaz.
link-tries = Çok fazla yanlış kod girildi. On dakika bekle, sonra /link ile yeni bir kod al.
refund-which = Komuttan sonra isteğin hesap defterindeki kimliğini yaz.
refund-unknown = Bu istek bilinmiyor ya da iade edilemeyecek kadar eski.
refund-open = Bu istek henüz bitmedi.
refund-nothing = Bu istek ücretsizdi ya da zaten iade edildi.
audit-trimmed = Hesap defteri okunurken kısaltıldı. Lütfen yeniden dene.
chart-title = { $days ->
    [one] Bugünkü harcama
   *[other] Son { $days } gündeki harcama
}
chart-total = Toplam { $total }
chart-day = { $day } { $month ->
    [1] Oca
    [2] Şub
    [3] Mar
    [4] Nis
    [5] May
    [6] Haz
    [7] Tem
    [8] Ağu
    [9] Eyl
    [10] Eki
    [11] Kas
   *[12] Ara
}
chart-words = Son { $days } gündeki harcama: { $total }, en çok { $day } günü: { $most }.
chart-nothing = Son { $days } günde hiçbir şey harcanmadı.
