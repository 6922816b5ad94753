# Bir isteğin kötü bitebileceği her durum için bir cümle: ne oldu, ne yapmalı.
error = Bir şeyler ters gitti. Tekrar dene.
incident = Bizim tarafımızda bir şeyler ters gitti. Yine olursa bot yöneticisine bu numarayı söyle: { $id }.
refused = Bu mümkün değil.
bad-input = Bu hâliyle kullanılamıyor. Değiştirip tekrar dene.
empty-question = Ne bilmek istersin? { $where ->
    [private] Komuttan
   *[group] Komuttan ya da benim adımdan
} sonra yaz.
empty-prompt = Açıklama boş. Görmek istediğini komuttan sonra yaz.
question-too-long = Soru çok uzun ({ $kib } KiB; en fazla { $most } KiB olabilir). Kısalt ya da metin dosyası olarak ekle.
question-too-long-for-model = Soru { $model } için çok uzun. Kısalt ya da /model ile başka bir model seç.
unknown-model = “{ $model }” adlı bir model yok. Seçenekler: { $known }.
unknown-choice = “{ $value }”, { $option } için bir seçenek değil. Seçenekler: { $known }.
unknown-command = “{ $command }” adlı bir komut yok. Neler olduğunu görmek için /help yaz.
not-a-number = { $option } bir sayı olmalı, “{ $value }” değil.
not-whole = { $option } bir tam sayı olmalı, “{ $value }” değil.
out-of-range = { $option } en az { $low }, en çok { $high } olmalı.
size-out-of-range = “{ $value }” olmaz: her kenar en az { $low }, en çok { $high } piksel olabilir.
too-long = { $option ->
    [prompt] Açıklama
    [words] Bir kayıt
    [text] Metin
   *[other] { $option }
} çok uzun; en fazla { $most } karakter olabilir.
busy = Kısa sürede çok istek gönderdin. Lütfen { $wait } tekrar dene.
busy-at-once = Süren isteklerin var. Biri bitene kadar yenisini almıyorum: o zaman tekrar dene.
seen = Bu istek zaten işlendi.
not-allowed = Burada bunu yapmana izin yok.
not-yours = Bunu yalnızca soran kişi yapabilir.
not-admin = Bunu yalnızca bot yöneticileri yapabilir.
blocked-prompt = Bu açıklamaya burada izin yok.
adult-only = Bu model yalnızca yaş sınırlı yerlerde kullanılabilir.
adult-prompt = Böyle bir resim yalnızca yaş sınırlı yerlerde çizilebilir.
not-found = Bu artık kayıtlı değil. Yeniden sor.
over-budget = Bunun ücreti { $cost_nanos } tutarına kadar çıkabilir, ama { $period ->
    [day] bugünkü
   *[month] bu ayki
} { $scope ->
    [person] bütçenden
    [chat] buradaki ortak bütçeden
   *[all] bot bütçesinden
} yalnızca { $left_nanos } kaldı. { $renews ->
    [yes] Bütçenin yenileneceği zaman: { $resets_at }. Bot yöneticisi artırabilir.
    [soon] Bir kısmı şu anda süren işler için ayrıldı. Birazdan tekrar dene.
   *[no] Bot yöneticisi artırabilir.
}
upstream = Modelin hizmetinde bir sorun oldu. Birazdan tekrar dene.
unreachable = Modelin hizmeti yanıt vermiyor. Birazdan tekrar dene.
throttled = Modelin hizmeti meşgul. Lütfen { $retry_after ->
    [0] birazdan
   *[other] { $wait }
} tekrar dene.
rejected = Modelin hizmeti bu isteği geri çeviriyor. Başka sözcükler ya da başka bir resim işe yarayabilir.
no-model = Bu model kullanılamıyor. Başka bir model seç; yanıtlar için /model kullan.
stream-cut = Yanıt kesildi; gelen kısmı bu.
job-failed = Resim çizilemedi. Senden para alınmadı.
job-late = Resim henüz bitmedi. { $refunded ->
    [yes] Senden para alınmadı; resim yine de gelirse bedava senindir.
   *[no] Yine de gelirse buraya gönderilir.
}
job-unknown = Siparişin ulaşıp ulaşmadığı belli değil. İki kez ödemeyesin diye yeniden gönderilmeyecek.
bad-key = Bot şu anda modelin hizmetini kullanamıyor. Bot yöneticisine haber verildi.
delivery = Yanıt gösterilemedi.
slow-down = Sohbet yavaşlamamızı istiyor.
too-big = Bu sohbet için fazla büyük.
no-pictures = Burada resim paylaşılamıyor.
gone = Mesaj artık yok.
store = Botun belleğine ulaşılamıyor, bu yüzden hiçbir şey harcanmıyor. Birazdan tekrar dene.
