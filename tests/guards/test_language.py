"""The detector of languages and that of gibberish, on sentences that no profile was made from."""

from __future__ import annotations

import base64
import random

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.gibberish import GIBBERISH, THRESHOLDS, gibberish, weigh
from llmpost.guards.language.guard import build, language
from llmpost.guards.language.identify import UNDETERMINED, identify, known_languages
from llmpost.guards.options import Options
from llmpost.testing import check_guard

SAID = {
    "ar": "ذهبنا إلى السوق واشترينا الخبز والفواكه ثم عدنا إلى البيت",
    "bg": "Вчера отидохме на пазар и купихме хляб, а после се прибрахме вкъщи",
    "bn": "আমরা গতকাল বাজারে গিয়ে রুটি কিনেছিলাম",
    "cs": "Včera jsme šli na trh, koupili chléb a ovoce a potom jsme se vrátili domů",
    "de": "Gestern gingen wir auf den Markt, kauften Brot und Obst und kehrten dann nach Hause zurück",
    "el": "Χθες πήγαμε στην αγορά και αγοράσαμε ψωμί",
    "en": "Yesterday we went to the market, bought bread and fruit and then came back home",
    "es": "Ayer fuimos al mercado, compramos pan y fruta y luego volvimos a casa",
    "fa": "دیروز به بازار رفتیم و نان و میوه خریدیم و سپس به خانه برگشتیم",
    "fi": "Eilen menimme torille, ostimme leipää ja hedelmiä ja palasimme sitten kotiin",
    "fr": "Hier nous sommes allés au marché, avons acheté du pain et des fruits, puis sommes rentrés chez nous",
    "he": "אתמול הלכנו לשוק וקנינו לחם ופירות",
    "hi": "कल हम बाज़ार गए और रोटी और फल खरीदे",
    "hu": "Tegnap elmentünk a piacra, kenyeret és gyümölcsöt vettünk, aztán hazamentünk",
    "id": "Kemarin kami pergi ke pasar, membeli roti dan buah, lalu pulang ke rumah",
    "it": "Ieri siamo andati al mercato, abbiamo comprato pane e frutta e poi siamo tornati a casa",
    "ja": "昨日、私たちは市場へ行ってパンと果物を買いました",
    "ko": "어제 우리는 시장에 가서 빵과 과일을 샀습니다",
    "nl": "Gisteren gingen we naar de markt, kochten brood en fruit en gingen daarna weer naar huis",
    "pl": "Wczoraj poszliśmy na targ, kupiliśmy chleb i owoce, a potem wróciliśmy do domu",
    "pt": "Ontem fomos ao mercado, comprámos pão e fruta e depois voltámos para casa",
    "ro": "Ieri am mers la piață, am cumpărat pâine și fructe și apoi ne-am întors acasă",
    "ru": "Вчера мы ходили на рынок, купили хлеб и фрукты, а потом вернулись домой",
    "sv": "Igår gick vi till marknaden, köpte bröd och frukt och åkte sedan hem igen",
    "ta": "நேற்று நாங்கள் சந்தைக்குச் சென்று ரொட்டி வாங்கினோம்",
    "th": "เมื่อวานเราไปตลาดและซื้อขนมปังกับผลไม้",
    "tl": "Kahapon pumunta kami sa palengke, bumili ng tinapay at prutas, at saka umuwi sa bahay",
    "tr": "Dün pazara gittik, ekmek ve meyve aldık, sonra eve geri döndük",
    "uk": "Учора ми ходили на ринок, купили хліб і фрукти, а потім повернулися додому",
    "vi": "Hôm qua chúng tôi đi chợ, mua bánh mì và trái cây rồi trở về nhà",
    "zh": "昨天我们去市场买了面包和水果，然后回家了",
}
"""Norwegian and Danish are left out: a sentence like this is nearly the same in both."""

NO_GIBBERISH = {
    "code": "def walk(self, xs): return [fn(x) for x in xs if x.kwds and not isinstance(x, bytes)]",
    "address": "see https://example.com/qwrtzp/xkcdvbnm?zxcv=qwrt and www.example.org/sdfghjk",
    "base64": base64.b64encode(random.Random(0).randbytes(90)).decode(),
    "hexadecimal": random.Random(0).randbytes(60).hex(),
    "names of files": "/usr/lib/xkbcomp /etc/fstab.d/nfs-srv mkfs.ext4 grep -rn 'fgh' tmp/qwz.txt",
    "abbreviations": "The XKCD, HTTP, NGFW and BGP acronyms, and the mRNA, tRNA and rRNA of cells",
    "a slip": "I recieved the pakage yesterday, thx, but the bxo was damagde a litle",
    **SAID,
}
RANDOM_KEYS = [
    "sdkfj wqeoiu xcvmnb lkjhgs",
    "asdfgh jklqwe rtzxcv bnmasd fghqwr",
    "I think that qwpxz vbnmtr zzkjh wqrtp lkdfgj hgfdsx bvcxzt nmkjhg",
]


@pytest.mark.parametrize("code", SAID)
def test_a_sentence_is_known(code: str) -> None:
    """One sentence of each language is enough to know it."""
    assert identify(SAID[code]).language == code


def test_there_is_a_sentence_of_each() -> None:
    """All languages that are told apart are tried."""
    assert set(known_languages()) == {*SAID, "da", "no"}


@pytest.mark.parametrize("text", ["", "42", "x = [1, 2]", "\ud800" * 40, "xkcd qwrtp zzvbn mnbv", "🙂" * 20])
def test_what_nobody_could_tell_is_undetermined(text: str) -> None:
    """Too few letters, or letters that no language has, have no language."""
    assert identify(text).language == UNDETERMINED


def test_a_foreign_paragraph_is_found_where_it_stands() -> None:
    """Of a text in two languages the stretches in the one that is not allowed are found, and lie around it."""
    english, german = SAID["en"] + ". ", SAID["de"] + ". "
    text = english * 12 + german * 12
    findings = language(["en"]).inspect(text, GuardContext())
    assert {found.label for found in findings} == {"de"}
    assert all(found.span.end > len(english) * 12 for found in findings)
    assert not language(["en", "de"]).inspect(text, GuardContext())


def test_a_language_that_is_not_known_is_refused() -> None:
    """A policy can allow only what is told apart."""
    with pytest.raises(PolicyError, match="languages out of"):
        build(Options({"allow": ["en", "xx"]}, "guards[0]"))
    with pytest.raises(PolicyError, match="a list of languages"):
        build(Options({}, "guards[0]"))


@pytest.mark.parametrize("kind", NO_GIBBERISH)
def test_what_has_a_reason_is_no_gibberish(kind: str) -> None:
    """Code, addresses, encodings and all languages are let be."""
    assert weigh(NO_GIBBERISH[kind])[GIBBERISH].score < THRESHOLDS[GIBBERISH]


@pytest.mark.parametrize("text", RANDOM_KEYS)
def test_keys_struck_at_random_are(text: str) -> None:
    """A few words are enough."""
    [found] = gibberish().inspect(text, GuardContext())
    assert found.score >= THRESHOLDS[GIBBERISH]


@pytest.mark.slow
def test_they_keep_their_promises() -> None:
    """The suite finds nothing to say."""
    check_guard(language(["en"]), [SAID["de"], SAID["ja"] * 20])
    check_guard(gibberish(), [RANDOM_KEYS[0], RANDOM_KEYS[1] * 12])
