"""People of an organisation: who is here in which role, inviting, leaving; and the actor's own roles.

Whoever may not admit people sees the list and no button; each act is asked of `accounts` again when it comes.
"""

from __future__ import annotations

import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.accounts import membership as joining
from pingjiang.centre.accounts import second_factor
from pingjiang.centre.accounts.models import Actor, Membership, Organisation, User
from pingjiang.centre.accounts.roles import ROLES, TRACKS
from pingjiang.centre.casework import access, history
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor, next_of
from pingjiang.centre.pages.words import named, role_label, said

_FRESH_LINK = "fresh invitation"


def _standing(row: Membership) -> Marked:
    if not row.user.is_active:
        return Marked(_("已停用"), "bad")
    if row.until is not None and row.until < timezone.localdate():
        return Marked(_("已离任"))
    return Marked(_("在任"), "ok")


def _hats(row: Membership) -> str | None:
    known = ROLES[row.role].hats
    today = timezone.localdate()
    held = [hat.name for hat in row.hats.all() if hat.since <= today and (hat.until is None or hat.until >= today)]
    return "、".join(said(known[name]) for name in held if name in known) or None


_COLUMNS = [
    Column(
        "name", gettext_lazy("姓名"), lambda row: Linked(row.user.name, reverse("person", args=[row.pk])),
        sort="user__name", fixed=True,
    ),
    Column("username", gettext_lazy("账号"), lambda row: row.user.username, sort="user__username"),
    Column("role", gettext_lazy("角色"), lambda row: role_label(row.role), sort="role"),
    Column("hats", gettext_lazy("分工"), _hats),
    Column("organisation", gettext_lazy("单位"), lambda row: named(row.organisation), sort="organisation__name_zh"),
    Column("since", gettext_lazy("起"), lambda row: row.since, sort="since"),
    Column("until", gettext_lazy("止"), lambda row: row.until, sort="until", shown=False),
    Column("standing", gettext_lazy("状态"), _standing),
]  # fmt: skip


def _by_standing(rows: QuerySet[Membership], value: str) -> QuerySet[Membership]:
    gone = Q(user__is_active=False) | Q(until__lt=timezone.localdate())
    return rows.filter(gone) if value == "gone" else rows.exclude(gone)


@require_GET
@for_actor
def people(request: ActorRequest) -> HttpResponseBase:
    """Who is here."""
    listing = Listing(
        request, access.visible_to(request.actor, Membership), _COLUMNS, name="people", order="name",
        filters=[
            Filter("role", gettext_lazy("角色"), [(role.name, role.words) for role in ROLES.values()],
                   lambda rows, value: rows.filter(role=value)),
            Filter("standing", gettext_lazy("状态"),
                   [("here", gettext_lazy("在任")), ("gone", gettext_lazy("离任或停用"))], _by_standing),
        ],
        search=Search(
            gettext_lazy("姓名、账号、单位"),
            lambda rows, words: rows.filter(
                Q(user__name__icontains=words) | Q(user__username__icontains=words)
                | Q(organisation__name_zh__icontains=words)
            ),
        ),
        synthetic_of=lambda row: row.organisation.synthetic,
    )  # fmt: skip
    primary = ("invite", _("邀请人员")) if joining.manages(request.actor) else None
    return listing.answer("pages/list.html", {"title": _("单位与人员"), "primary": primary})


class InviteForm(forms.Form):
    """Whom to invite, to which organisation, in which role."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("单位"), empty_label=None)
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    hats = forms.MultipleChoiceField(
        label=gettext_lazy("分工"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只勾选所选角色的分工"),
    )  # fmt: skip
    tracks = forms.MultipleChoiceField(
        label=gettext_lazy("类别"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只对主管部门人员；须在本单位类别之内"),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organisation.objects.all() if joining.manages_all(actor) else Organisation.objects.filter(
            pk=actor.organisation.pk
        )  # fmt: skip
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        field.queryset = places
        every = list(ROLES) if joining.manages_all(actor) else joining.roles_open_to(actor, actor.organisation)
        self._choices("role", [(name, role_label(name)) for name in every])
        hats = {name: said(words) for role in every for name, words in ROLES[role].hats.items()}
        self._choices("hats", list(hats.items()))
        self._choices("tracks", [(name, said(words)) for name, words in TRACKS.items()])
        for name in ("hats", "tracks"):
            if (name == "hats" and not hats) or (name == "tracks" and not places.exclude(tracks=[]).exists()):
                del self.fields[name]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


@for_actor
def invite(request: ActorRequest) -> HttpResponseBase:
    """Make an invitation; its link is shown on the next page, once."""
    if not joining.manages(request.actor):
        raise Http404
    if "withdraw" in request.POST:
        return _withdraw(request)
    form, status = InviteForm(request.actor, request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        said_ = form.cleaned_data
        try:
            with transaction.atomic():
                made, token = joining.invite(
                    request.actor, said_["organisation"], said_["role"], said_["name"],
                    tracks=said_.get("tracks", ()), hats=said_.get("hats", ()),
                )  # fmt: skip
                after = {"organisation": made.organisation.pk, "role": made.role, "name": made.name}
                history.write("invited", f"invitation:{made.pk}", actor=request.actor, after=after)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            link = request.build_absolute_uri(reverse("invitation", args=[token]))
            request.session[_FRESH_LINK] = {"link": link, "name": made.name, "until": made.expires_at.isoformat()}
            return HttpResponseRedirect(reverse("invited"))
    status = 422 if form.errors else 200
    context = {"form": form, "serving": joining.invitations_of(request.actor)}
    return render(request, "pages/invite.html", context, status=status)


@transaction.atomic
def _withdraw(request: ActorRequest) -> HttpResponse:
    asked = request.POST["withdraw"]
    found = joining.invitations_of(request.actor).filter(pk=int(asked) if asked.isdecimal() else 0).first()
    if found is None:
        raise Http404
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    history.write("invitation withdrawn", f"invitation:{found.pk}", actor=request.actor)
    return HttpResponseRedirect(reverse("invite"))


@require_GET
@never_cache
@for_actor
def invited(request: ActorRequest) -> HttpResponseBase:
    """The link of the invitation just made. Seen once: it is kept nowhere."""
    fresh = request.session.pop(_FRESH_LINK, None)
    if fresh is None:
        return HttpResponseRedirect(reverse("people"))
    until = datetime.datetime.fromisoformat(fresh["until"])
    return render(request, "pages/invited.html", {"fresh": fresh, "until": until})


class JoinForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("账号"), max_length=60, min_length=3, widget=forms.TextInput({"autocomplete": "username"})
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    password = forms.CharField(
        label=gettext_lazy("密码"), strip=False, max_length=500,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 12 个字符，不能全是数字，不能与账号相近"),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("再输一次"), strip=False, max_length=500,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both passwords are one, and a good one."""
        said_: dict[str, Any] = super().clean() or {}
        if said_.get("password") and said_["password"] != said_.get("again"):
            self.add_error("again", _("两次输入不一致"))
        elif said_.get("password"):
            try:
                validate_password(
                    said_["password"], User(username=said_.get("username", ""), name=said_.get("name", ""))
                )
            except ValidationError as error:
                self.add_error("password", error)
        return said_


@sensitive_post_parameters("password", "again")
@never_cache
@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Join by a link: with a new account, or with the one signed in. A link that serves no more is not found."""
    found = joining.open_invitation(token)
    if found is None:
        raise Http404
    here = request.user if isinstance(request.user, User) else None
    form = None if here else JoinForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and (here or (form and form.is_valid())):
        problem = _join(request, token, here, form)
        if problem is None:
            messages.success(request, _("已加入 %(place)s") % {"place": named(found.organisation)})
            return HttpResponseRedirect(reverse("desk") if here else reverse("sign-in"))
        if form is not None:
            form.add_error(None, problem)
        else:
            messages.error(request, " ".join(problem.messages))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "invitation": found, "role": role_label(found.role), "next": request.path}
    return render(request, "pages/invitation.html", context, status=status)


def _join(request: HttpRequest, token: str, here: User | None, form: JoinForm | None) -> ValidationError | None:
    """All of it or nothing: account, membership, history."""
    try:
        with transaction.atomic():
            user = here or _account(form)
            member = joining.join(token, user)
            if member is None:
                raise Http404
            after = {"organisation": member.organisation.pk, "role": member.role}
            history.write("joined", f"user:{user.pk}", actor=Actor(user, member), after=after)
            if here is not None:
                request.session["membership"] = member.pk
    except ValidationError as error:
        return error
    return None


def _account(form: JoinForm | None) -> User:
    said_ = form.cleaned_data if form else {}
    try:
        with transaction.atomic():
            return User.objects.create_user(said_["username"], said_["name"], said_["password"])
    except (IntegrityError, ValidationError):
        raise ValidationError(_("这一账号名不能用，请换一个"), code="username") from None


@for_actor
def person(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A person in a role; for those who admit people, with the means to end it."""
    row = access.find(request.actor, Membership, pk=pk)
    request.synthetic = row.organisation.synthetic
    may = _may_end(request.actor, row)
    if request.method == "POST":
        if not may:
            raise Http404
        _end(request, row, request.POST.get("act", ""))
        return HttpResponseRedirect(reverse("person", args=[row.pk]))
    context = {
        "row": row, "standing": _standing(row), "role": role_label(row.role), "hats": _hats(row), "may": may,
        "second_factor": second_factor.is_on(row.user), "may_reset": may and joining.manages_all(request.actor),
    }  # fmt: skip
    return render(request, "pages/person.html", context)


def _may_end(actor: Actor, row: Membership) -> bool:
    if row.user == actor.user:
        return False
    if joining.manages_all(actor):
        return True
    own = row.organisation == actor.organisation and row.role in joining.roles_open_to(actor, actor.organisation)
    # An account that also serves elsewhere is not one organisation's to switch off.
    return own and not row.user.memberships.exclude(organisation=row.organisation).exists()


@transaction.atomic
def _end(request: ActorRequest, row: Membership, act: str) -> None:
    user = row.user
    if act == "deactivate" and user.is_active:
        joining.deactivate(user)
        messages.success(request, _("账号已停用，登录已结束"))
    elif act == "reactivate" and not user.is_active:
        joining.reactivate(user)
        messages.success(request, _("账号已恢复"))
    elif act == "reset second factor" and joining.manages_all(request.actor) and second_factor.end(user):
        messages.success(request, _("两步验证已重置"))
    else:
        return
    history.write(act, f"user:{user.pk}", actor=request.actor, note=request.POST.get("note", "")[:500])


@require_POST
@for_actor
def switch_role(request: ActorRequest) -> HttpResponseBase:
    """Act in another of one's own roles from now on: under a new session key, and in the history."""
    wanted = request.POST.get("membership", "")
    actors = {str(each.membership.pk): each for each in request.actor.user.actors()}
    if wanted not in actors:
        raise Http404
    before, after = request.actor.membership, actors[wanted].membership
    if before != after:
        with transaction.atomic():
            history.write(
                "role switched", f"user:{request.actor.user.pk}", actor=actors[wanted],
                before={"membership": before.pk}, after={"membership": after.pk},
            )  # fmt: skip
        request.session.cycle_key()
        request.session["membership"] = after.pk
    return HttpResponseRedirect(next_of(request))


@require_GET
@never_cache
@for_actor
def me(request: ActorRequest) -> HttpResponseBase:
    """The own account: roles to act in, password, second factor."""
    actors = [
        (each, named(each.organisation), role_label(each.role), each.membership == request.actor.membership)
        for each in request.actor.user.actors()
    ]
    return render(request, "pages/me.html", {"actors": actors, "on": second_factor.is_on(request.actor.user)})
