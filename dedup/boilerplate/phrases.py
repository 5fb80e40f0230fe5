"""Words that chrome uses and bodies seldom do, in the product's languages.

Written as people write them, looked up in the normal form. A phrase is a cue
beside the structure of its line, never a verdict by itself.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.cue_numbers import KINDS
from dedup.text import tokenize

__all__ = ["PhraseTable", "Phrases", "load_phrases", "phrase_table"]

#: First word -> (the other words, kind), longest first.
Phrases = dict[str, list[tuple[list[str], str]]]

_KINDS = {
    "prompt": """
        subscribe; subscription; newsletter; newsletters; sign up; sign in; log in; login;
        register now; follow us; follow me; like us; share this; share on; click here;
        tap here; read more; learn more; show more; show less; load more; view more; see more;
        download the app; get the app; get alerts; notifications; your inbox; join our;
        join us; skip to; back to top; opens in new window;
        new window; continue reading; support us; donate; bookmark;
        unsubscribe; enable javascript; ad blocker; try again; free trial; buy now; shop now;
        watch now; listen now; our app; contact us; about us; send us; email address;
        javascript; your browser; print this; use app; sponsored; advertisement; advertise;
        special offer; coupons; promo code; min read; minute read; minutes read;
        abonnieren; abonnement; anmelden; jetzt registrieren; folgen sie uns; mehr lesen;
        weiterlesen; mehr erfahren; zum seitenanfang; anzeige; teilen; drucken; merken;
        kontakt; jetzt testen; suscribete; suscribirse; boletin; boletines; iniciar sesion;
        registrate; siguenos; compartir; leer mas; seguir leyendo; haz clic; publicidad;
        imprimir; contacto; descarga la app; recibe las noticias; s'abonner; abonnez-vous;
        se connecter; inscrivez-vous; suivez-nous; partager; lire la suite; en savoir plus;
        cliquez ici; publicite; imprimer; s'inscrire; voir plus; je m'abonne; nous contacter;
        iscriviti; abbonati; accedi; registrati; seguici; condividi; leggi tutto; clicca qui;
        pubblicita; stampa; scopri di piu; mostra di piu; contatti; assine; assinar;
        inscreva-se; cadastre-se; siga-nos; compartilhe; compartilhar; leia mais; clique aqui;
        publicidade; fale conosco; saiba mais; ver mais; baixe o app; подписаться; подпишитесь;
        подписка; рассылка; войти; регистрация; поделиться; читать далее; реклама; メルマガ;
        会員登録; ログイン; 購読; フォロー; シェア; 続きを読む; もっと見る; 広告; 無料会員;
        登録する; 次ページ; 有料記事; 会員限定; ブックマーク; アプリ; お問い合わせ; 订阅; 登录;
        注册; 关注我们; 分享; 阅读更多; 点击; 广告; 訂閱; 登入; 註冊; 閱讀更多; 下载; 扫码;
        返回顶部; اشترك; الاشتراك; النشرة البريدية; تسجيل الدخول; تابعنا; شارك; مشاركة;
        اقرأ المزيد; اضغط هنا; إعلان; اتصل بنا; สมัครสมาชิก; เข้าสู่ระบบ; ติดตามเรา; แชร์;
        อ่านต่อ; คลิก; โฆษณา; ติดต่อเรา
    """,
    "legal": """
        all rights reserved; copyright; terms of use; terms of service; terms and conditions;
        privacy policy; privacy; cookie; cookies; disclaimer; trademark; trademarks;
        registered trademark; may not be published; may not be reproduced; redistributed;
        without permission; prior written permission; ad choices; accessibility; do not sell;
        user agreement; code of ethics; corrections policy; our standards;
        thomson reuters trust principles; trust principles; affiliate commission;
        earn a commission; responsible for the content; does not constitute; investment advice;
        informational purposes; views expressed; our policy; alle rechte vorbehalten;
        impressum; datenschutz; nutzungsbedingungen; agb; haftungsausschluss; urheberrecht;
        todos los derechos reservados; aviso legal; politica de privacidad;
        terminos y condiciones; terminos de uso; tous droits reserves; mentions legales;
        politique de confidentialite; conditions generales; conditions d'utilisation;
        tutti i diritti riservati; riproduzione riservata; note legali; informativa; p iva;
        todos os direitos reservados; politica de privacidade; termos de uso;
        proibida a reproducao; все права защищены; пользовательское соглашение;
        политика конфиденциальности; при использовании материалов; 無断転載; 無断複写; 著作権;
        利用規約; プライバシーポリシー; 免責事項; 個人情報; 特定商取引; 転載を禁じます;
        版权所有; 版權所有; 免责声明; 隐私政策; 未经授权; 转载; 转载请注明; 保留所有权利;
        جميع الحقوق محفوظة; سياسة الخصوصية; شروط الاستخدام; إخلاء المسؤولية; สงวนลิขสิทธิ์;
        นโยบายความเป็นส่วนตัว; ข้อกำหนด
    """,
    "credit": """
        reporting by; additional reporting by; editing by; writing by; compiled by;
        translated by; file photo; photo by; photos by; photograph by; photo credit;
        image credit; image credits; image source; image copyright; getty images; via reuters;
        via ap; ap photo; afp via; handout; shutterstock; courtesy of; illustration;
        image caption; source reuters; image getty; photo getty; credit getty; image reuters;
        photo ap; image ap; credit ap; photo afp; image afp; photo reuters; reuters staff;
        pool photo; screenshot; video by; bloomberg lp; bericht von; bearbeitet von;
        redigiert von; foto; fotos; bildquelle; quelle; reporte de; reportes de; editado por;
        escrito por; fotografia de; con informacion de; traducido por; redaccion de;
        reportage de; redige par; edite par; credit photo; photo d'archives; version francaise;
        avec reuters; redazione; tradotto da; in redazione; a cura di; reportagem de;
        edicao de; reportagem adicional; por redacao; redacao; foto de; imagem; фото; источник;
        取材; 編集; 写真; 撮影; 翻訳; 記者; 提供; ロイター; 記者 編輯; 责任编辑; 責任編輯;
        编辑; 来源; 图片; 摄; تحرير; إعداد; تصوير; المصدر; ภาพ; ที่มา; เรียบเรียง
    """,
    "related": """
        related; related articles; related stories; related topics; related posts;
        related news; read also; also read; see also; most read; most popular; most viewed;
        more from; more on; more news; more stories; more in; trending; recommended;
        recommended for you; you may like; you might also like; also worth reading;
        latest news; top stories; up next; editor's picks; don't miss; must read; next article;
        previous article; around the web; in this story; tags; filed under; story continues;
        read next; what to read; elsewhere on; in case you missed; mehr zum thema;
        meistgelesen; lesen sie auch; auch interessant; das konnte sie auch interessieren;
        verwandte; themen; schlagworte; noticias relacionadas; lo mas leido; lea tambien;
        te puede interesar; mas noticias; mas informacion; ultimas noticias; etiquetas; temas;
        articles lies; a lire aussi; lire aussi; sur le meme sujet; les plus lus; a decouvrir;
        plus d'articles; sujets; leggi anche; potrebbe interessarti; articoli correlati;
        i piu letti; ultime notizie; argomenti; leia tambem; veja tambem; mais lidas;
        mais noticias; assuntos; читайте также; по теме; похожие; популярное; самое читаемое;
        теги; 関連記事; 関連ニュース; あわせて読みたい; 人気記事; ランキング; おすすめ;
        最新記事; 前の記事; 次の記事; 関連; 一覧; 新着; 相关新闻; 相关阅读; 推荐阅读; 热门;
        延伸閱讀; 相關新聞; 更多新闻; 上一篇; 下一篇; 标签; اقرأ أيضا; مواضيع ذات صلة;
        الأكثر قراءة; أخبار ذات صلة; ข่าวที่เกี่ยวข้อง; อ่านเพิ่มเติม; แท็ก
    """,
    "comment": """
        comments; comment; says; leave a reply; reply; leave a comment; post a comment;
        view comments; add a comment; join the conversation; join the discussion; report abuse;
        thoughts on; thought on; upvote; permalink; posted by; comments policy; your comment;
        be the first to comment;
        read comments; show comments; kommentare; kommentar; antworten; kommentieren;
        comentarios; comentario; responder; comentar; deja un comentario; commentaires;
        commentaire; repondre; reagir; commenti; commento; rispondi; lascia un commento;
        deixe um comentario; комментарии; комментировать; комментариев; ответить; コメント;
        返信; 投稿; 评论; 留言; 回复; 評論; 留言板; تعليقات; التعليقات; تعليق; ความคิดเห็น
    """,
    "social": """
        facebook; twitter; whatsapp; telegram; linkedin; reddit; pinterest; instagram; youtube;
        email; e-mail; messenger; tumblr; flipboard; rss; tiktok; vk; viber; skype; pocket;
        hatena; 微信; 微博; print; copy link; share; فيسبوك; تويتر; واتساب
    """,
    "date": """
        january; february; march; april; june; july; august; september; october; november;
        december; jan; feb; mar; apr; jun; jul; aug; sep; sept; oct; nov; dec; ago; updated;
        published; posted; am; pm; gmt; edt; est; utc; bst; pst; januar; februar; marz; mai;
        juni; juli; oktober; dezember; uhr; aktualisiert; veroffentlicht; enero; febrero;
        marzo; abril; mayo; junio; julio; agosto; septiembre; octubre; noviembre; diciembre;
        actualizado; publicado; janvier; fevrier; mars; avril; juin; juillet; aout; septembre;
        octobre; novembre; decembre; publie; mis a jour; gennaio; febbraio; aprile; maggio;
        giugno; luglio; settembre; ottobre; dicembre; pubblicato; aggiornato; janeiro;
        fevereiro; marco; maio; junho; julho; setembro; outubro; novembro; dezembro;
        atualizado; января; февраля; марта; апреля; мая; июня; июля; августа; сентября;
        октября; ноября; декабря; 更新; 配信; 発表; 发布; 更新时间; نشر; آخر تحديث
    """,
    "by": """
        by; von; por; par; di; автор; 文; 記者; 작성; بقلم; โดย
    """,
}


class PhraseTable(NamedTuple):
    """The phrases by hashes, for the loops.

    ``slots`` uint64, hashes of first words or 0; ``ranges`` int64, a row a slot: its
    phrases, from one entry to before another; ``entries`` int64, a row a phrase: where
    its other words start in ``rests``, how many they are, and its kind's place in
    ``KINDS``; ``rests`` uint64.
    """

    slots: NDArray[np.uint64]
    ranges: NDArray[np.int64]
    entries: NDArray[np.int64]
    rests: NDArray[np.uint64]


@cache
def phrase_table() -> PhraseTable:
    """Return the phrases for the loops (built once per process)."""
    from dedup.kernels.tokenise import tokenise_texts

    known = [(kind, phrase) for kind, text in _KINDS.items() for phrase in text.split(";")]
    batch = tokenise_texts([phrase for _, phrase in known])
    phrases: dict[int, set[tuple[int, str, tuple[int, ...]]]] = {}
    for i, (kind, _) in enumerate(known):
        words = batch.tokens_of(i).tolist()
        if words:
            phrases.setdefault(words[0], set()).add((1 - len(words), kind, tuple(words[1:])))
    size = 1 << (4 * len(phrases)).bit_length()
    slots, ranges = np.zeros(size, np.uint64), np.zeros((size, 2), np.int64)
    entries: list[tuple[int, int, int]] = []
    rests: list[int] = []
    for first, own in phrases.items():
        at = (first >> 20) & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at] = first
        ranges[at] = len(entries), len(entries) + len(own)
        for less, kind, rest in sorted(own):
            entries.append((len(rests), -less, KINDS.index(kind)))
            rests += rest
    return PhraseTable(slots, ranges, np.array(entries, np.int64), np.array(rests, np.uint64))


@cache
def load_phrases() -> Phrases:
    """Return the phrases by their first word (built once per process)."""
    phrases: Phrases = {}
    for kind, text in _KINDS.items():
        for phrase in text.split(";"):
            words = tokenize(phrase).words
            entry = (words[1:], kind)
            if words and entry not in phrases.setdefault(words[0], []):
                phrases[words[0]].append(entry)
    for known in phrases.values():
        known.sort(key=lambda entry: (-len(entry[0]), entry))
    return phrases
