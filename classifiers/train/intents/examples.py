"""Invented texts for the intents that are rare in the sets, in many languages; nobody's words.

A line is the intent, why it needs an answer or not (the codes of `classifiers.intents`), the text.
"""

from typing import Final

EXAMPLES: Final = """\
churn leaving Third outage this month, I have had it. Closing my account tomorrow.
churn leaving ok that's it, moving all our phones over to your competitor on Monday
churn leaving Ended my membership today after nine years. The new prices are a joke.
churn leaving If this isn't sorted by Friday we will take our business elsewhere
churn leaving never ordering from you again, you lost a loyal customer
purchase asks How much is the yearly plan for a team of five?
purchase asks Do you ship the blue one to Norway, and is it in stock?
purchase buying I'd like to order two of these, where can I do that?
purchase asks Is there a discount for students before I sign up?
purchase buying Thinking about getting the big screen version next week, looks great
purchase asks Can I book a table for eight on Saturday evening?
wish remark It would be so handy to have a widget for the home screen
wish request Please add an option to export everything as a spreadsheet
complaint wronged Forty minutes in the queue and then the lady at the desk shouted at my mother
none chatter Big match tonight, who is watching with me?
none chatter New blog post: five tricks for faster spreadsheets http
none waits It's a Nokia 8 with the newest version, order number 20311
churn leaving Ich habe meinen Vertrag zum Monatsende gekündigt, das war es für mich.
churn leaving Mir reicht es, ich wechsle jetzt zu einem anderen Anbieter.
churn leaving Nie wieder bestelle ich hier etwas, App ist gelöscht.
purchase asks Was kostet das Abo für eine Familie mit drei Kindern?
purchase asks Ich überlege, den Tarif zu nehmen. Gilt der Rabatt auch für Neukunden?
purchase buying Ich möchte gerne zwei Stück kaufen, wo geht das?
wish request Bitte baut einen dunklen Modus ein, das blendet abends sehr
wish remark Schön wäre eine Übersicht über die letzten zwölf Monate
question asks Wie kann ich meine Adresse im Konto ändern?
defect help Seit dem Update stürzt die App beim Öffnen sofort ab, bitte helfen
complaint wronged Drei Wochen keine Antwort auf meine Mail, so geht man nicht mit Kunden um
praise praise Sehr freundliches Personal und alles ging schnell, gerne wieder
none settled Ok danke, probiere ich heute Abend aus
none chatter Im Zug sitzt mir ein Hund gegenüber und schläft
churn leaving J'ai résilié mon abonnement ce matin, vous avez perdu une cliente
churn leaving C'est décidé, je pars chez un concurrent dès la fin du mois
churn leaving Plus jamais je ne commande ici, application supprimée
purchase asks Combien coûte la formule annuelle et y a-t-il une période d'essai ?
purchase asks Livrez-vous en Suisse ? Je voudrais en acheter deux
purchase buying Je compte prendre la carte gratuite, comment souscrire ?
wish request Pouvez-vous ajouter le paiement par téléphone s'il vous plaît ?
wish remark Ce serait bien de pouvoir trier par date
question asks Comment faire pour changer mon numéro de téléphone ?
defect help Impossible d'ouvrir l'application depuis hier, écran blanc
complaint wronged Une heure d'attente au téléphone pour se faire raccrocher au nez, honteux
praise praise Service rapide et équipe très aimable, je recommande
none settled D'accord merci, je vais essayer ce soir
churn leaving Ya cancelé mi suscripción, no vuelvo con ustedes
churn leaving Estoy harta, me cambio a otra compañía esta semana
churn leaving Nunca más compro aquí, desinstalada la aplicación
purchase asks ¿Cuánto cuesta el plan anual y aceptan tarjeta?
purchase asks ¿Hacen envíos a Canarias? Quiero comprar uno
purchase buying Me interesa contratar el plan familiar, ¿cómo lo hago?
wish request Por favor agreguen la opción de ordenar por fecha
wish remark Estaría bien que tuviera modo oscuro
question asks ¿Cómo puedo cambiar el correo de mi cuenta?
defect help Desde la actualización la app se cierra sola, ayuda
complaint wronged Dos horas de retraso y nadie nos dio una explicación, qué vergüenza
praise praise Excelente atención y todo muy limpio, volveremos
none settled Vale gracias, lo intentaré más tarde
churn leaving Já cancelei minha conta e fui para outro banco
churn leaving Se não resolverem até sexta vou encerrar a conta
churn leaving Nunca mais compro com vocês, estou desinstalando
purchase asks Quanto custa o plano anual? Tem desconto para estudante?
purchase asks Vocês entregam no interior? Quero comprar dois
purchase buying Quero contratar o plano família, como faço?
wish request Por favor coloquem um botão para exportar o extrato
wish remark seria bom se tivesse modo escuro
wish remark bom mas falta um limite maior
question asks Como faço para trocar o número do meu celular?
defect help O aplicativo trava na tela inicial e não consigo entrar
complaint wronged Taxa absurda e ninguém explica nada no atendimento
praise praise Muito bom, resolve tudo rápido, recomendo
none settled Entendi, obrigado, vou tentar mais tarde
churn leaving Ho disdetto l'abbonamento, passo a un altro operatore
churn leaving Mai più, ho chiuso il conto e disinstallato tutto
purchase asks Quanto costa l'abbonamento per due persone?
purchase buying Vorrei comprare la versione nera, dove la trovo?
wish request Potreste aggiungere il pagamento a rate?
question asks Come posso cambiare la password?
defect help L'app si blocca ogni volta che apro il carrello
complaint wronged Personale maleducato e un'ora di attesa, pessimo
praise praise Ottimo servizio, personale gentile, consigliato
none settled Va bene grazie, proverò domani
churn leaving Ik heb mijn rekening opgezegd en stap over naar een andere bank
churn leaving Nooit meer, deze klant zijn jullie kwijt
purchase asks Wat kost het jaarabonnement en is er een proefperiode?
purchase buying Ik wil er graag twee bestellen, waar kan dat?
wish request Kunnen jullie een donkere modus toevoegen?
question asks Hoe kan ik mijn adres wijzigen?
defect help De app loopt vast bij het inloggen, graag hulp
complaint wronged Al drie weken wachten op een antwoord, schandalig
praise praise Snelle levering en vriendelijk geholpen, top
churn leaving Rezygnuję z waszych usług, przenoszę się do konkurencji
churn leaving Nigdy więcej tu nie kupię, aplikacja usunięta
purchase asks Ile kosztuje abonament roczny dla dwóch osób?
purchase buying Chcę kupić dwie sztuki, gdzie mogę zamówić?
wish request Dodajcie proszę ciemny motyw
question asks Jak mogę zmienić adres e-mail?
defect help Aplikacja zawiesza się przy logowaniu, pomóżcie
complaint wronged Godzina czekania i niemiła obsługa, skandal
praise praise Świetna obsługa i szybka dostawa, polecam
churn leaving Расторгаю договор и ухожу к другому оператору
churn leaving Больше никогда у вас ничего не куплю, приложение удалил
purchase asks Сколько стоит тариф на год и есть ли скидка новым клиентам?
purchase buying Хочу купить две штуки, где можно заказать?
wish request Добавьте, пожалуйста, тёмную тему
question asks Как мне поменять номер телефона в кабинете?
defect help После обновления приложение вылетает, помогите
complaint wronged Час ждал на линии и бросили трубку, безобразие
praise praise Отличный сервис, всё быстро и вежливо
none chatter В городе опять снег, еду на работу на трамвае
none chatter Компания отчиталась о росте выручки за третий квартал
churn leaving Felmondtam a szerződést, jövő héttől másik szolgáltatónál vagyok
churn leaving Soha többet nem rendelek innen, az alkalmazást letöröltem
churn leaving Ha ez nem oldódik meg péntekig, váltok
purchase asks Mennyibe kerül az éves előfizetés két személyre?
purchase asks Szállítanak vidékre is? Szeretnék venni egyet
purchase buying Szeretném megrendelni a kéket, hol tehetem meg?
wish request Kérem, tegyék lehetővé a sötét módot
wish remark Jó lenne, ha lehetne dátum szerint rendezni
question asks Hogyan tudom megváltoztatni a címemet?
defect help A frissítés óta nem tudok belépni, segítsenek kérem
complaint wronged Három hete nem válaszolnak a levelemre, felháborító
praise praise Gyors kiszállítás, kedves eladó, csak ajánlani tudom
none settled Rendben, köszönöm, este megpróbálom
none chatter Ma este moziba megyünk, ki jön még?
churn leaving Aboneliğimi iptal ettim, başka firmaya geçiyorum
churn leaving Bir daha asla almam, uygulamayı sildim
purchase asks Yıllık paket ne kadar, öğrenci indirimi var mı?
wish request Lütfen karanlık mod ekleyin
question asks Adresimi nasıl değiştirebilirim?
defect help Güncellemeden sonra uygulama açılmıyor, yardım edin
complaint wronged Bir saat beklettiler, kimse ilgilenmedi, rezalet
praise praise Çok hızlı ve güler yüzlü hizmet, tavsiye ederim
churn leaving 我已经注销账户了，以后换别家
churn leaving 再也不会买你们家的东西，已卸载
churn leaving 再不解决我就退订，去用别的平台
purchase asks 请问年费会员多少钱？学生有优惠吗？
purchase asks 这款有货吗？想买两台，能送到成都吗？
purchase buying 打算入手黑色的，在哪里下单？
wish request 希望能增加夜间模式，谢谢
wish remark 要是能按日期排序就更好了
question asks 请问怎么修改绑定的手机号？
question asks 充电的时候可以用吗？
defect help 更新之后一打开就闪退，怎么解决？
defect help 用了三天就坏了，按键没有反应
complaint wronged 客服态度很差，等了一个小时没人理
complaint wronged 送来的菜都冷了，还少了一份
praise praise 物流很快，质量很好，下次还来
none chatter 今天下雨，在家看书，大家加油
churn leaving 已經退訂了，之後會換別家電信
churn leaving 服務太差，以後絕對不會再來
purchase asks 請問年費方案多少錢？還有名額嗎？
wish request 希望可以增加深色模式
question asks 請問要怎麼更改電子信箱？
defect help 更新後就打不開，一直閃退
complaint wronged 排隊一小時，店員態度又很不耐煩
praise praise 餐點好吃、店員親切，會再來
churn leaving 今月で解約しました。もう他社に乗り換えます。
churn leaving もう二度と注文しません。アプリも消しました。
churn leaving 次はもう泊まらないと思います。
purchase asks 年間プランの料金はいくらですか?学割はありますか?
purchase buying 黒を購入したいのですが、どこで買えますか?
purchase asks 土曜の夜に四人で予約できますか?
wish request ダークモードを追加してほしいです
wish remark 部屋に時計があるともっと良かったです
question asks 登録した住所はどうやって変更しますか?
defect help アップデートしてからアプリが起動しません。対応お願いします。
complaint wronged 三十分待たされたうえ、スタッフの態度も悪かったです。
complaint remark 駅から遠いのが少し不便でした。
praise praise スタッフの方が親切で、とても快適に過ごせました。
praise praise 眺めが良くてゆっくりできました。
none remark 夫婦で二泊しました。
none chatter 今日は雨なので家で本を読む
churn leaving 해지했습니다. 다른 회사로 옮깁니다.
churn leaving 다시는 안 씁니다. 앱 삭제했어요.
churn leaving 이번 주까지 안 고치면 탈퇴하고 갈아탑니다
purchase asks 연간 요금제는 얼마인가요? 학생 할인 되나요?
purchase buying 두 개 구매하고 싶은데 어디서 주문하나요?
wish request 다크 모드 추가해주세요
wish remark 날짜순으로 정렬할 수 있으면 더 좋겠어요
question asks 등록한 번호는 어떻게 바꾸나요?
defect help 업데이트 이후로 앱이 계속 튕겨요. 빨리 고쳐주세요
complaint wronged 상담원이 너무 불친절하고 한 시간을 기다렸어요
praise praise 편리하고 빨라서 잘 쓰고 있어요
none chatter 오늘 저녁에 뭐 먹지
churn leaving ألغيت اشتراكي وسأنتقل إلى شركة أخرى
churn leaving لن أشتري منكم مرة أخرى وحذفت التطبيق
purchase asks كم سعر الاشتراك السنوي وهل يوجد خصم للطلاب؟
wish request أتمنى إضافة الوضع الليلي
question asks كيف أغير رقم الهاتف في حسابي؟
defect help التطبيق لا يفتح بعد التحديث، ساعدوني
complaint wronged انتظرت ساعة كاملة والموظف غير محترم
praise praise خدمة ممتازة والموظفون لطفاء جدا
churn leaving मैंने अपनी सदस्यता रद्द कर दी, अब दूसरी कंपनी में जा रहा हूँ
churn leaving दोबारा कभी नहीं खरीदूंगा, ऐप हटा दिया
purchase asks सालाना प्लान की कीमत क्या है और छात्रों के लिए छूट है?
wish request कृपया डार्क मोड जोड़ें
question asks मैं अपना पता कैसे बदलूँ?
defect help अपडेट के बाद ऐप नहीं खुल रहा, मदद करें
complaint wronged एक घंटा इंतजार कराया और किसी ने जवाब नहीं दिया
praise praise बहुत अच्छी सेवा, सामान समय पर मिला
churn leaving Sudah saya tutup akunnya, pindah ke yang lain saja
churn leaving Kapok, tidak akan beli di sini lagi
purchase asks Berapa harga paket tahunan, ada diskon untuk pelajar?
wish request Tolong tambahkan mode gelap
question asks Bagaimana cara mengganti nomor telepon?
defect help Setelah update aplikasinya tidak bisa dibuka, tolong diperbaiki
complaint wronged Menunggu satu jam dan pelayannya tidak ramah
praise praise Pelayanan cepat dan ramah, sangat puas
churn leaving ยกเลิกสมาชิกแล้ว ย้ายไปใช้เจ้าอื่นดีกว่า
purchase asks แพ็กเกจรายปีราคาเท่าไหร่คะ มีส่วนลดนักเรียนไหม
purchase buying สนใจสีดำ สั่งซื้อได้ที่ไหนครับ
wish request อยากให้เพิ่มโหมดกลางคืน
question asks เปลี่ยนเบอร์โทรในบัญชียังไงคะ
defect help อัปเดตแล้วเข้าแอปไม่ได้เลย ช่วยแก้ไขด้วย
complaint wronged รอเป็นชั่วโมง พนักงานพูดจาไม่ดี
praise praise บริการดีมาก อาหารอร่อย ประทับใจ
"""
