# `minitool-bots doctor` ne der: durum nasıl, iyi değilse ne yapmalı.
doctor-part-versions = Sürümler
doctor-part-settings = Ayarlar
doctor-part-disk = Disk
doctor-part-web = Web
doctor-part-store = Depo
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Saat
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] Her şey yolunda.
        [one] Bozuk bir şey yok; bir konuya göz atmakta fayda var.
       *[other] Bozuk bir şey yok; { $warned } konuya göz atmakta fayda var.
    }
    [one] Bir şey bozuk.
   *[other] { $failed } şey bozuk.
}
doctor-rest-not-checked = Geri kalan her şey, ayarlar okunabildiğinde denetlenecek.
doctor-unreachable = { $who } hizmetine ulaşılamıyor ({ $problem }). Ağı, güvenlik duvarını ya da vekil sunucuyu ve { $setting } ayarını kontrol et.
doctor-refused = { $who } denetimi reddetti (HTTP { $status }). Birkaç dakika sonra tekrar dene.
doctor-odd-answer = Gelen yanıt bu sürümün beklediği gibi değil ({ $problem }). Adresi kontrol et; doğruysa daha yeni bir sürüm ara.
doctor-no-token = Token yok; { $setting } için nasıl alınacağı { $guide } dosyasında yazıyor.

doctor-python = Python { $python }
doctor-python-other = Bu, Python { $python } ile denenmedi; 3.11, 3.12 ya da 3.13 kullan.
doctor-packages = { $name } { $version }, bütün paketler olması gerektiği gibi
doctor-package-missing = { $name } paketi eksik. Bir kez `make run` çalıştır ya da requirements/runtime.lock dosyasındakileri kur.
doctor-package-other = { $name } sürümü { $found }, oysa { $wanted } gerekli. requirements/runtime.lock dosyasındakileri kur.

doctor-settings-read = Okunabiliyor ve birbiriyle uyumlu
doctor-setting-wrong = { $problem } (Her ayar .env.example içinde açıklanıyor.)
doctor-setting-unknown = .env içinde { $name } var, ama böyle bir ayar yok. Kaldır ya da doğru adı .env.example içinde ara.
doctor-setting-meant = .env içinde { $name } var, ama böyle bir ayar yok. Şunu mu demek istedin: { $meant }?
doctor-env-none = { $folder } içinde .env yok: yalnızca ortam ve varsayılanlar geçerli.
doctor-env-readable = Bu makinenin diğer kullanıcıları .env dosyasını, içindeki tokenlerle birlikte okuyabiliyor. `chmod { $mode } .env` çalıştır.
doctor-file = { $problem }. Dosyayı düzelt ya da ayarı boş bırak.
doctor-models = Yanıt veren { $chat }, çizen { $image } model var
doctor-model-unknown = { $name } değeri “{ $model }”, ama katalogda böyle bir model yok. Seçenekler: { $known }.
doctor-model-blind = VISION_MODEL { $model } resim göremiyor. Katalog kaydında “vision” olan bir model seç.
doctor-no-admins = ADMINS boş: kimse /admin kullanamaz. Kendi kimliğini yaz, örneğin discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD ve GLOBAL_MONTHLY_USD kapalı: herkesin toplam harcamasını sınırlayan bir şey yok. Birini ayarla.
doctor-key-no-https = MINITOOLAI_BASE_URL https değil: anahtar ve tüm sorular şifrelenmeden gider. Bir https adresi kullan.
doctor-link-no-web = IMAGE_TRANSPORT=link için web sunucusu gerekli, ama WEB_PORT değeri 0. Bir port ya da IMAGE_TRANSPORT=inline ayarla.
doctor-link-no-https = PUBLIC_URL https değil: resimler şifrelenmeden gider ya da hiç alınamaz. Bir https adresi kullan.

doctor-disk = DATA_DIR için { $free } MB boş
doctor-disk-low = DATA_DIR için yalnızca { $free } MB boş; içinde { $kept } MB var ve dosyası yeniden yazılırken bir o kadar daha gerekiyor. Yer aç.
doctor-disk-full = DATA_DIR için yalnızca { $free } MB boş: depo yakında yazamaz olacak. Hemen yer aç.
doctor-data-dir = DATA_DIR { $path } yazılabilir değil. Erişim haklarını düzelt ya da DATA_DIR ile başka bir klasör göster.

doctor-web-off = Kapalı (WEB_PORT=0)
doctor-web-free = { $where } boş
doctor-web-run = { $where } adresinde bir `run` çalışıyor ve her şeyin yolunda olduğunu bildiriyor
doctor-web-run-degraded = { $where } adresindeki `run` bir sorun bildiriyor: { $sick }. Nedeni loglarında yazıyor.
doctor-web-taken = { $where } adresinde hizmet verilemiyor: { $problem }. Diğer programı durdur ya da WEB_PORT veya WEB_HOST değerini değiştir.
doctor-web-shut = { $where } adresinde hizmet verilemiyor: { $problem }. WEB_PORT veya WEB_HOST değerini değiştir.

doctor-store = { $version }: { $ms } ms içinde yanıt veriyor
doctor-store-slow = { $version } yanıt vermek için { $ms } ms harcıyor, oysa her soru ona birkaç kez başvuruyor. Onu bota yaklaştır.
doctor-store-durable = Her şey diske yazılıyor ve hiçbir şey atılmıyor
doctor-store-untold = Verilerini saklayıp saklamadığını söylemiyor. appendonly yes ve maxmemory-policy noeviction olduğundan emin ol.
doctor-store-forgets = appendonly no durumunda: bir çökmeden sonra harcanan para ve ödenmiş siparişler unutulur. `appendonly yes` ayarla.
doctor-store-evicts = Dolunca veri atıyor ({ $policy }); para ve sipariş kayıtları da bunların arasında. `maxmemory-policy noeviction` ayarla.
doctor-store-full = maxmemory doluluğu: %{ $percent }; dolunca yazamaz olacak. Sınırı yükselt.
doctor-store-is-full = Dolu (maxmemory: %{ $percent }) ve yazmıyor, bu yüzden hiçbir şey yanıtlanmıyor. Sınırı yükselt.
doctor-store-cannot-write = Son seferinde dosyasını yazamadı: disk dolu olabilir. Nedeni kendi loglarında yazıyor.
doctor-store-away = Yanıt vermiyor ({ $problem }). { $setting } ayarını { $setting ->
    [REDIS_URL] ve sunucunun çalıştığını kontrol et
   *[DATA_DIR] kontrol et
}.
doctor-store-queue = Resim kuyruğu kullanılamıyor ({ $problem }). Botun kullanıcısına abone olma izni ver: ACL’sinde `&*`; parolayı da denetle.
doctor-store-sealed = Önceden yazılanların bir kısmı okunamıyor: bakılan { $looked } metinden { $unreadable } tanesini CONTENT_KEY’deki hiçbir anahtar açmıyor. Eksik anahtarı virgülden sonra ekle.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY boş: bütün yanıtlar uydurma. Gerçek yanıtlar için anahtarı ayarla.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1: anahtar olduğu hâlde bütün yanıtlar uydurma. Gerçek yanıtlar için 0 yap.
doctor-api-reached = { $ms } ms içinde ulaşıldı
doctor-api-not-tried = Anahtar denenmedi; bunu `doctor --spend`, olabilecek en ucuz çağrıyla yapar.
doctor-api-answers = Anahtar geçerli: { $model } yanıt verdi, ücreti { $cost }
doctor-api-key = Anahtar kabul edilmiyor ({ $cause }). minitoolai.com adresinden yeniden kopyalayıp MINITOOLAI_API_KEY ayarına yaz.
doctor-api-balance = Anahtar geçerli ama bakiye bitmiş ({ $cause }). minitoolai.com adresinden bakiye yükle.
doctor-api-refused = MiniToolAI en ucuz çağrıyı bile reddediyor ({ $cause }). Bu anahtarın neye izni olduğuna minitoolai.com’da bak.
doctor-api-no-model = { $model } orada bulunamadı ({ $cause }). MINITOOLAI_BASE_URL ayarını kontrol et; doğruysa MiniToolAI’de bu model artık yok.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = Bot başlayamadığı için anahtar denenmedi: { $problem }

doctor-discord-me = { $name } olarak giriş yapıldı
doctor-discord-token = Token kabul edilmiyor. Geliştirici portalında yenisini oluştur (Bot → Reset Token) ve DISCORD_TOKEN ayarına yaz.
doctor-discord-intents = Gereken bütün intentler verilmiş{ $content ->
    [yes] , Message Content da aralarında
   *[no] {""}; Message Content gerekmiyor
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, ama bu intent verilmemiş. Geliştirici portalında Bot → Message Content Intent seçeneğini aç ya da değeri 0 yap.
doctor-discord-endpoint = Geliştirici portalında bir “Interactions Endpoint URL” ayarlı, bu yüzden komutlar oraya gidiyor ve bu bota hiç ulaşmıyor. Onu kaldır.
doctor-discord-code-grant = “Requires OAuth2 Code Grant” açık, bu yüzden kimse botu bağlantısıyla ekleyemiyor. Geliştirici portalında Bot bölümünden kapat.
doctor-discord-private = Bu botu sunuculara yalnızca sen ekleyebilirsin. Başkaları da ekleyebilsin istiyorsan geliştirici portalında Bot → Public Bot seçeneğini aç.
doctor-discord-no-user-install = Bot kişisel hesaplara değil, yalnızca sunuculara eklenebiliyor. Hesaplara da eklensin istiyorsan geliştirici portalında Installation → User Install seçeneğini işaretle.
doctor-discord-invite = Botu tam da gereken izinlerle davet et: { $url }
doctor-discord-commands = Menüsünde { $count } komut var
doctor-discord-commands-differ = Menüsü bu sürümünki değil; `run` başlarken günceller.
doctor-discord-starts = Bugün { $left } başlatma hakkı kaldı, her seferinde { $shards } gerekiyor
doctor-discord-few-starts = Bugün az başlatma hakkı kaldı ({ $left }, her seferinde { $shards } gerekiyor): bir şey botu durmadan yeniden başlatıyor. Hak bitmeden ne olduğunu bul.
doctor-discord-no-starts = Bugün başlatma hakkı kalmadı; Discord { $hours } saat sonra yenilerine izin verecek. Botu durmadan yeniden başlatan şeyi bul.
doctor-discord-shards = DISCORD_SHARDS ayarında { $chosen } shard var, ama Discord bu kadar sunucu için { $wanted } istiyor. Her süreçte eğik çizgiden sonraki sayıyı artır.
doctor-discord-servers = { $count ->
    [one] Bulunduğu tek sunucuda gereken bütün izinlere sahip
   *[other] Bulunduğu { $count } sunucuda gereken bütün izinlere sahip
}
doctor-discord-server = “{ $server }” sunucusunda şu izinler eksik: { $names }. Orada botun rolüne ver ya da botu yukarıdaki bağlantıyla yeniden davet et.
doctor-discord-servers-more = Bazı izinlerin eksik olduğu başka sunucular: { $count }.
doctor-discord-no-servers = Henüz hiçbir sunucuda değil. Yukarıdaki bağlantıyı aç.

doctor-telegram-me = @{ $name } olarak giriş yapıldı
doctor-telegram-token = Token kabul edilmiyor. @BotFather’dan yenisini iste (/token) ve TELEGRAM_TOKEN ayarına yaz.
doctor-telegram-privacy = Gizlilik modu açık: gruplarda komutları, bahsetmeleri ve yanıtları, albümlerden yalnızca soruyu taşıyan resmi görüyor. Albümleri görsün istiyorsan @BotFather’a /setprivacy → Disable yaz.
doctor-telegram-reads-all = Gizlilik modu kapalı: gruplarında yazılan her şeyi görüyor; komutlara, bahsetmelere ve yanıtlara karşılık veriyor
doctor-telegram-no-groups = Gruplara eklenemiyor. Eklenebilsin istiyorsan @BotFather’a /setjoingroups → Enable yaz.
doctor-telegram-inline = Inline modu açık
doctor-telegram-no-inline = Inline modu kapalı. Her sohbetten soru sorulabilsin istiyorsan @BotFather’a /setinline yaz.
doctor-telegram-polling = Webhook ayarlı değil; yoklama (polling) için olması gerektiği gibi
doctor-telegram-webhook = Webhook olması gerektiği gibi ayarlı ve son zamanlarda sorun çıkmadı
doctor-telegram-webhook-set = { $host } adresine bir webhook ayarlı, ama TELEGRAM_WEBHOOK_URL boş. `run` başlarken onu kaldırır; bu tokeni başka bir şey de kullanıyorsa her birine ayrı bir bot ver.
doctor-telegram-webhook-unset = Webhook henüz ayarlı değil; `run` başlarken ayarlar.
doctor-telegram-webhook-other = Webhook { $host } adresine gidiyor, TELEGRAM_WEBHOOK_URL adresine değil. `run` başlarken değiştirir; bu tokeni başka bir şey de kullanıyorsa her birine ayrı bir bot ver.
doctor-telegram-webhook-error = Telegram webhook’a hiçbir şey iletemedi: { $error }. Ters vekil sunucuyu, sertifikasını ve `run` programının çalıştığını kontrol et.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL https değil, Telegram bunu kabul etmiyor. WEB_PORT önüne TLS’li bir ters vekil sunucu koy.
doctor-telegram-webhook-port = TELEGRAM_WEBHOOK_URL, Telegram’ın bağlanmadığı bir port içeriyor. Şunlardan biri olabilir: { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL, güncellemelerin alındığı { $path } ile bitmiyor. Oraya bir ters vekil sunucu yönlendirmiyorsa düzelt.
doctor-telegram-waiting = { $count } güncelleme alınmayı bekliyor. `run` başlat ya da neden yetişemediğine loglarından bak.
doctor-telegram-served = Güncellemeleri senin `run` sürecin alıyor
doctor-telegram-not-listened = Bu tokenle başka birinin güncelleme alıp almadığı denenmedi: depo olmadan bunun senin `run` sürecin olup olmadığı anlaşılamaz.
doctor-telegram-alone = Bu tokenle başka kimse güncelleme almıyor
doctor-telegram-polled-elsewhere = Bu tokenle başka biri de güncelleme alıyor ve yarısını kapıyor. Diğer programı durdur ya da @BotFather’dan yeni bir token iste (/revoke).

doctor-clock = Şunlarla uyuşuyor: { $names }
doctor-clock-unknown = Karşılaştırmak için hiçbir sunucuya ulaşılamadı
doctor-clock-ahead = Bu makinenin saati { $seconds } sn ileri (karşılaştırılan: { $names }). Saat eşitlemeyi aç (`timedatectl set-ntp true`).
doctor-clock-behind = Bu makinenin saati { $seconds } sn geri (karşılaştırılan: { $names }). Saat eşitlemeyi aç (`timedatectl set-ntp true`).
