"""One's own tokens: the list, a new one, whose secret is shown once, and its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.api.models import LONGEST_DAYS, SCOPES, Token, issue, revoke
from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.pages.lists import Act, Column, Filter, Listing, Marked
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named, refusal, role_label, said

_FRESH = "fresh token"
_DAYS = (7, 30, 90, 180, LONGEST_DAYS)


def _standing(token: Token) -> Marked:
    if token.revoked_at is not None:
        return Marked(_("已撤销"), "bad")
    return Marked(_("已过期")) if token.expires_on < timezone.localdate() else Marked(_("有效"), "ok")


def _end(token: Token) -> Act | None:
    over = token.revoked_at is not None or token.expires_on < timezone.localdate()
    return None if over else Act(_("撤销"), reverse("token-revoke", args=[token.pk]), "token", str(token.pk))


def _scopes(token: Token) -> str:
    return "、".join(said(SCOPES[scope]) for scope in token.scopes if scope in SCOPES)


_COLUMNS = [
    Column("name", gettext_lazy("名称"), lambda row: row.name, sort="name", fixed=True),
    Column("role", gettext_lazy("角色"),
           lambda row: f"{role_label(row.membership.role)} · {named(row.membership.organisation)}"),
    Column("scopes", gettext_lazy("权限"), _scopes),
    Column("created", gettext_lazy("生成"), lambda row: row.created_at, sort="created_at"),
    Column("expires", gettext_lazy("有效至"), lambda row: row.expires_on, sort="expires_on"),
    Column("standing", gettext_lazy("状态"), _standing),
    Column("end", "", _end, act=True),
]  # fmt: skip


def _serving(rows: Any, value: str) -> Any:
    serves = {"revoked_at__isnull": True, "expires_on__gte": timezone.localdate()}
    return rows.filter(**serves) if value == "yes" else rows.exclude(**serves)


@require_GET
@for_actor
def tokens(request: ActorRequest) -> HttpResponseBase:
    """The tokens of this person, in all roles."""
    mine = Token.objects.filter(membership__user=request.actor.user)
    listing = Listing(
        request, mine.select_related("membership__organisation"), _COLUMNS, name="tokens", order="-created",
        filters=[Filter("serves", gettext_lazy("状态"), [("yes", gettext_lazy("有效")), ("no", gettext_lazy("已失效"))],
                        _serving)],
        empty=gettext_lazy("程序凭令牌以您的身份读取或办理。生成后列在这里。"),
        synthetic_of=lambda row: row.membership.organisation.synthetic,
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("API 令牌"), "primary": ("token-new", _("生成令牌"))})


class TokenForm(forms.Form):
    """What a token is for, what it may, until when."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("哪个程序用，如“财务系统”")
    )
    scopes = forms.MultipleChoiceField(label=gettext_lazy("权限"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=gettext_lazy("有效期"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes, days = self.fields["scopes"], self.fields["days"]
        assert isinstance(scopes, forms.ChoiceField) and isinstance(days, forms.ChoiceField)
        scopes.choices = [(name, f"{said(words)} · {name}") for name, words in SCOPES.items()]
        days.choices = [(n, _("%(n)s 天") % {"n": n}) for n in _DAYS]
        days.initial = 90


@never_cache
@for_actor
def new(request: ActorRequest) -> HttpResponseBase:
    """A new token, for the role in which the person acts; its secret is on the next page, once."""
    form, status = TokenForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            token, secret = issue(request.actor, asked["name"], asked["scopes"], asked["days"])
        except Refused as refused:
            form.add_error(None, refusal(refused))
        else:
            request.session[_FRESH] = {"secret": secret, "token": token.pk}
            return HttpResponseRedirect(reverse("token-made"))
    status = 422 if form.errors else 200
    return render(request, "api/new.html", {"form": form}, status=status)


@require_GET
@never_cache
@for_actor
def made(request: ActorRequest) -> HttpResponseBase:
    """The secret of the token just made. Seen once: it is kept nowhere."""
    fresh = request.session.pop(_FRESH, None)
    if fresh is None:
        return HttpResponseRedirect(reverse("tokens"))
    token = Token.objects.get(pk=fresh["token"])
    return render(request, "api/made.html", {"secret": fresh["secret"], "token": token, "scopes": _scopes(token)})


@require_POST
@for_actor
def end(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Revoke one of this person's tokens."""
    found = access.one(Token.objects.filter(membership__user=request.actor.user), pk=pk)
    if found.revoked_at is None:
        revoke(found, request.actor)
        messages.success(request, _("已撤销：%(name)s") % {"name": found.name})
    return HttpResponseRedirect(reverse("tokens"))
