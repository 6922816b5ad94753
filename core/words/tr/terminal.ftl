# Operatör komutlarının terminalde söyledikleri.
terminal-audited = Her toplam kendi hesap defteriyle uyuşuyor.
terminal-differs = { $name } { $what }: toplam { $total }, hesap defteri { $ledger }
terminal-backed-up = { $folder }: { $bytes } bayt. CONTENT_KEY ve ayarları başka bir yerde sakla.
terminal-restored = Geri yüklenen kayıt: { $keys }. Şununla kontrol et: `minitool-bots audit`.
terminal-erased = Silindi: soru { $exchanges }, resim { $pictures }, ayar { $settings }, sipariş { $orders }.
terminal-resealed = Yeniden şifrelendi: { $sealed }. Açılamıyor: { $unreadable }.
terminal-left-out = CONTENT_KEY’deki hiçbir anahtar açmadığı için eksik olan: { $unreadable }.
terminal-store = Depo: { $cause }
terminal-new-store = { $folder } içinde depo yoktu: içinde hiçbir şey olmayan yeni bir depo başlatıldı.
terminal-no-file = Bu normal bir dosya değil.
