"""Forms of the data of a lake."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.pages.words import said
from pingjiang.chain.tree import load, shipped
from pingjiang.pipeline.own_chains import own_chains, own_versions
from pingjiang.sources.formats import SEPARATORS

_SEPARATORS = {"": _("自动"), ";": "; ；", "|": "| ｜", ";;": ";;", ",": ", ，", "\n": _("换行")}
_DATES = {"": _("年-月-日"), "dmy": _("日-月-年"), "mdy": _("月-日-年")}
assert set(_SEPARATORS) == set(SEPARATORS)


def chain_choices(lake: DataLake) -> list[tuple[str, str]]:
    """The industry chains that are shipped, by name, and those that the lake keeps of its own."""
    found = [(name, said(words)) for name, words in _chains()]
    own = [own_versions(lake_of(lake), name)[-1].load() for name in own_chains(lake_of(lake)) if name not in shipped()]
    return [*found, *((chain.id, said((chain.name_zh, chain.name_en))) for chain in own)]


@cache
def _chains() -> tuple[tuple[str, tuple[str, str]], ...]:
    chains = ((name, load(name)) for name in shipped())
    return tuple((name, (chain.name_zh, chain.name_en)) for name, chain in chains)


class LakeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A lake: its names and its chain."""

    chain = forms.ChoiceField(label=_("产业链"), help_text=_("按它归类与构建；更换后须重新构建。"))

    class Meta:
        model = DataLake
        fields: ClassVar = ["name_zh", "name_en", "chain", "open_sources"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chain"].choices = chain_choices(self.instance)  # type: ignore[attr-defined]


class MappingForm(forms.Form):
    """What a format made by hand says beside its columns."""

    title = forms.CharField(label=_("映射名称"), max_length=80)
    separator = forms.ChoiceField(label=_("多值分隔符"), choices=list(_SEPARATORS.items()), required=False)
    dates = forms.ChoiceField(label=_("日期次序"), choices=list(_DATES.items()), required=False)
    authority = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("号码的受理局"), required=False, max_length=2,
        help_text=_("号码前没有国别代码时填写，如 CN"),
    )  # fmt: skip

    @property
    def keys(self) -> dict[str, Any]:
        """Keys of the spec."""
        sent = self.cleaned_data
        return {
            "separator": sent["separator"],
            "dates": {"order": [sent["dates"], "ymd"]} if sent["dates"] else None,
            "authority": sent["authority"].upper(),
        }


class SpecForm(forms.Form):
    """A spec as a file."""

    spec = forms.FileField(label=_("YAML 规格"), widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}))


def click() -> uuid.UUID:
    """The name of a click: sent twice, it is done once."""
    return uuid.uuid4()
