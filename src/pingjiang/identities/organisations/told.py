"""The reasons for which names are one, in words."""

from __future__ import annotations

# Reasons, in the order in which they are told. The atlas and the desk show them in both languages.
REASONS = {
    "words": ("词语相同", "the same words"),
    "form": ("仅法律形式不同", "another way to write the legal form"),
    "spelling": ("拼写相近", "spelled alike"),
    "joined": ("仅空格或顿号不同", "the same letters, parted otherwise"),
    "abbreviation": ("缩写", "one abbreviates the other"),
    "start": ("一个是另一个的开头", "one is the beginning of the other"),
    "name": ("共同的字号", "the word that names it is the same"),
    "part": ("一个的词语都在另一个之中", "all words of one are in the other"),
    "places": ("同一文献、申请或同族的同一位置", "at the same place of publications, applications or families"),
    "register": ("企业名录", "the register"),
    "former_name": ("曾用名", "a former name"),
    "judgement": ("人工判断", "people decided"),
    "other": ("机器评分", "scored by the machine"),
}
