"""Names in Chinese, pinyin and English, built from the same parts so that the three always agree."""

from collections.abc import Iterator
from dataclasses import dataclass

from workstation.demo.city.chance import shuffled
from workstation.demo.city.pinyin import PINYIN


@dataclass(frozen=True, slots=True)
class Name:
    zh: str
    en: str

    def plus(self, zh: str, en: str) -> "Name":
        """The name followed by a generic word in both languages."""
        return Name(self.zh + zh, f"{self.en} {en}".strip())

    @property
    def syllables(self) -> list[str]:
        """One pinyin syllable a character, ü written v as on a keyboard; other signs stand for themselves."""
        return [PINYIN.get(sign, sign.lower()).replace("ü", "v") for sign in self.zh]

    @property
    def pinyin(self) -> str:
        return "".join(self.syllables)

    @property
    def initials(self) -> str:
        return "".join(syllable[0] for syllable in self.syllables)


def stem(zh: str) -> Name:
    """A proper name; its English is its pinyin as one word, with the apostrophe before a vowel."""
    english = ""
    for syllable in (PINYIN[sign] for sign in zh):
        english += ("'" if english and syllable[0] in "aeo" else "") + syllable
    return Name(zh, english.capitalize())


_FIRST = "锦翠金银碧青云文明嘉永和安兴华丰瑞祥春福康宁清玉景昌龙凤紫秋"
_STREET_SECOND = "山水河泉井塘林竹梅兰荷柳桃桂枫松杨岭溪谷"
_ESTATE_SECOND = "绣湖澜悦泰盛源晖馨怡庭月霞虹樱逸欣雅信恒嘉瑞福康宁和安丰春华祥景昌龙凤文明永"
_VILLAGE_FIRST = "王杨朱黎梁陆苏郑乔沙石梅竹柳枣桑梨杏茶荷"


def _deck(first: str, second: str, key: str) -> Iterator[Name]:
    pairs = [a + b for a in first for b in second if a != b]
    return iter([stem(pair) for pair in shuffled(pairs, "names", key)])


def street_stems() -> Iterator[Name]:
    """Names for roads, each once, as 锦泉 or 翠竹."""
    return _deck(_FIRST, _STREET_SECOND, "street")


def estate_stems() -> Iterator[Name]:
    """Names for housing estates, firms and halls, each once, as 嘉悦 or 福源."""
    return _deck(_FIRST, _ESTATE_SECOND, "estate")


def lane_stems() -> Iterator[Name]:
    return _deck(_FIRST, "井石米灯书琴棋茶墨花", "lane")


def village_stems() -> Iterator[Name]:
    return _deck(_VILLAGE_FIRST, "家湾坞岗塘田", "village")


_SURNAMES = "王杨朱黎梁陆苏郑乔金江方石安龙"
_GIVEN = "文明嘉永和安华瑞春福宁清玉景晨丽立敏静洁燕杰军雷蕾珍晓雪月云"


def person(*key: str | int) -> str:
    """An invented person's name."""
    given = shuffled(_GIVEN, "given", *key)
    return shuffled(_SURNAMES, "surname", *key)[0] + "".join(given[:2])
