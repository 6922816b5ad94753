answer-working = Düşünüyorum…
answer-still-waiting = Hâlâ modeli bekliyorum. Her zamankinden yavaş.
answer-stopped = Durduruldu.
answer-stopped-early = İlk sözcükten önce durduruldu.
answer-cut =
    Yanıt burada kesildi. { $buttons ->
        [no] Yeniden sor.
       *[yes] “Devam et” düğmesine bas ya da yeniden sor.
    }
answer-cut-length =
    Yanıt uzunluk sınırına ulaştı. { $buttons ->
        [no] Daha kısa bir yanıt iste.
       *[yes] Gerisi için “Devam et” düğmesine bas.
    }
answer-cut-budget = Bütçe daha uzun bir yanıta yetmedi.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage ne zaman yenileneceğini gösterir.
}
answer-cut-restart =
    Yanıt tamamlanmadan bot yeniden başladı. { $buttons ->
        [no] Yeniden sor.
       *[yes] “Devam et” düğmesine bas ya da yeniden sor.
    }
answer-cut-left = Sayfa kapandığı ya da bağlantısı koptuğu için yanıt kesildi.
answer-interrupted = Bot bunun üzerinde çalışırken yeniden başladı. Tekrar dene.
answer-restarting = Bot şu anda yeniden başlıyor. Birazdan tekrar dene.
answer-empty = Model boş bir yanıt gönderdi. Tekrar dene ya da başka türlü sor.
answer-filtered = Modelin sağlayıcısı bu yanıtın devamını engelledi.
answer-without-pictures = Resimler bu sohbet için çok büyük.
answer-nothing-to-stop = Şu anda burada senin için yazılmakta olan bir yanıt yok.
answer-stop-not-yours = Bunu yalnızca soruyu soran ya da bir moderatör durdurabilir.
answer-already-over = Bu yanıt zaten tamamlandı.
answer-stopping = { $count ->
    [one] Durduruluyor.
   *[other] { $count } yanıt durduruluyor.
}
answer-button-stop = Durdur
answer-button-again = Tekrar dene
answer-button-regenerate = Yeni yanıt
answer-button-continue = Devam et
answer-button-model = Model
answer-button-delete = Sil
