# Botu yönetenler için: /admin ne der ve onlara özelden giden uyarılar.
admin-granted = { $who } için ek bakiye artık { $credit }.
admin-refunded = İade edildi: { $amount }.
admin-allowed = { $who } botu kullanabilir.
admin-denied = { $who } artık botu kullanamaz.
deny-admin = { $who } bir yönetici; yöneticiler dışarıda bırakılamaz. Önce ADMINS listesinden çıkar.
admin-in-settings = DENY ayarında { $who } yazıyor. Erişim ancak o ayar değişince yeniden açılır.
admin-blocked = Hiçbir resim açıklamasında şunlar geçemez:
admin-nothing-blocked = /admin block ile engellenmiş sözcük yok.
not-blocked = “{ $words }” listede yok.
too-many-blocked = En fazla { $most } kayıt olabilir. Önce birini kaldır.
admin-none = Seçim yok
admin-persona-pick = Seçim yapmamış herkesle burada nasıl konuşayım?
admin-persona-set = Buradaki kişilik: { $name }.
admin-persona-none = Burada artık belirlenmiş bir kişilik yok.
admin-persona-made = Burada artık { $name } adlı bir kişilik var.
admin-persona-gone = Buradaki { $name } adlı kişilik kaldırıldı.
persona-name = “{ $name }” bir kişilik adı olamaz: iki nokta içermeyen kısa, tek bir sözcük gerekir.
unknown-persona = Burada “{ $name }” adlı bir kişilik yok. Seçenekler: { $known }.
admin-model-pick = Seçim yapmamış herkese burada hangi model yanıt versin? Fiyatlar bir milyon token içindir.
admin-model-set = Buradaki model: { $name }.
admin-model-none = Burada artık belirlenmiş bir model yok.
admin-announced = Herkes bunu bir kez, botun bir sonraki yanıtının altında okuyacak: { $text }
admin-unannounced = Duyuru yok.
announcement = Bot yöneticisinden: { $text }
admin-status = Yazılmakta olan yanıt: { $answers }. Resimler: { $painting } çiziliyor, { $waiting } sırada. Depo { $store } ms içinde yanıt veriyor. Herkesin harcaması: bugün { $today }, bu ay { $month }.
alert-key-refused = MiniToolAI anahtarı kabul etmiyor ({ $cause }). MINITOOLAI_API_KEY düzelene kadar kimse yanıt alamaz.
alert-balance-gone = MiniToolAI bakiyesi bitti ({ $cause }). Bakiye yüklenene kadar kimse yanıt alamaz.
alert-model-gone = MiniToolAI’de { $model } modeli yok ({ $cause }). Ayarlara başka bir model yaz; hiçbiri çalışmıyorsa MINITOOLAI_BASE_URL’yi denetle.
alert-store-away = Depo yanıt vermiyor ({ $cause }). Bu sürdükçe hiçbir şey harcanmaz, bu yüzden kimse yanıt alamaz.
alert-store-not-durable = { $why ->
    [evicts] Depo, parası ödenmiş şeyleri atabilir: maxmemory-policy değerini noeviction yap.
    [write-failed] Depo diskine yazamıyor. Yazamadıkları, örneğin bundan sonraki harcamalar, durduğunda kaybolur.
    [full] Depo neredeyse dolu: ona daha çok bellek ver. Dolunca hiçbir şey harcanmaz, yani kimse yanıt alamaz.
   *[no-appendonly] Depo durursa hiçbir şeyi saklamaz: appendonly değerini yes yap.
}
alert-cap-near = { $period ->
    [day] Bugünkü
   *[month] Bu ayki
} ortak bütçeden ({ $cap }) kullanılan oran: %{ $percent }. /admin caps all { $period ->
    [day] daily
   *[month] monthly
} TUTAR ile artır, yoksa yakında istekler geri çevrilecek.
alert-cap-used = { $period ->
    [day] Bugünkü
   *[month] Bu ayki
} ortak bütçe bitti: istekler geri çevriliyor. /admin caps all { $period ->
    [day] daily
   *[month] monthly
} TUTAR ile artır.
alert-overrun = { $request } isteği { $spent } tuttu; ayrılan { $held } aşıldı. Tamamı deftere işlendi. Katalogdaki fiyat ve sınırları MiniToolAI faturasıyla karşılaştır; /admin refund ile iade edilir.
alert-books-differ = { $count ->
    [one] Bir toplam
   *[other] { $count } toplam
} hesap defterinin toplamıyla uyuşmuyor. Hangisi olduğunu şu gösterir: minitool-bots audit
