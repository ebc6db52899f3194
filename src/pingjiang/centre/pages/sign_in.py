"""Signing in and out: password, second factor, lockout; and the pages on which a person changes their own.

Wrong passwords and wrong codes are counted by django-axes, a library kept for just this: by name of the account, so
that a new address of the attacker does not help, and for names that there are not as well, so that nothing is told
about who is here.
"""

from __future__ import annotations

import time
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pingjiang.centre.accounts import second_factor
from pingjiang.centre.accounts.models import User
from pingjiang.centre.casework import history
from pingjiang.centre.pages.middleware import actor_of
from pingjiang.centre.pages.preferences import keep_language
from pingjiang.centre.pages.requests import next_of

_PENDING = "pending sign-in"
_PENDING_FOR = 300  # seconds between password and code
_MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=gettext_lazy("账号"), max_length=60, widget=forms.TextInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=gettext_lazy("密码"), strip=False, max_length=500,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code of an authenticator."""

    code = forms.CharField(
        label=gettext_lazy("验证码"), max_length=10, help_text=gettext_lazy("验证器应用显示的 6 位数字"),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


def _failed(request: HttpRequest, form: forms.Form, wrong: str) -> int:
    """Put what is wrong into a form; the status of the answer."""
    if getattr(request, "axes_locked_out", False):
        form.add_error(None, _("连续多次不符，账号暂停登录 15 分钟。急用请联系本单位管理员。"))
        return 429
    form.add_error(None, wrong)
    return 422


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then the code, where the account has a second factor."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_of(request))
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            if not second_factor.is_on(user):
                return _enter(request, user)
            request.session.cycle_key()
            request.session[_PENDING] = {"user": user.pk, "at": int(time.time())}
            return HttpResponseRedirect(_with_next(request, reverse("sign-in-code")))
        status = _failed(request, form, _("账号或密码不对。大小写有别。"))
    return render(request, "pages/sign_in.html", {"form": form, "next": next_of(request)}, status=status)


def _with_next(request: HttpRequest, path: str) -> str:
    wanted = next_of(request)
    return path if wanted == "/" else f"{path}?{urlencode({'next': wanted})}"


@sensitive_post_parameters("code")
@never_cache
@login_not_required
def code(request: HttpRequest) -> HttpResponse:
    """The second step of a sign-in."""
    pending: dict[str, Any] = request.session.get(_PENDING) or {}
    user = User.objects.filter(pk=int(pending.get("user", 0)), is_active=True).first()
    if user is None or int(time.time()) - pending["at"] > _PENDING_FOR:
        request.session.pop(_PENDING, None)
        return HttpResponseRedirect(_with_next(request, reverse("sign-in")))
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        if authenticate(request, username=user.username, code=form.cleaned_data["code"]) == user:
            del request.session[_PENDING]
            return _enter(request, user)
        status = _failed(request, form, _("验证码不对，或已用过。请等下一个。"))
    return render(request, "pages/sign_in.html", {"form": form, "next": next_of(request), "code": True}, status=status)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Begin a session under a new key, and note it in the history."""
    target = next_of(request)
    login(request, user, backend=_MODEL_BACKEND)
    request.session["since"] = request.session["seen"] = int(time.time())
    actor = actor_of(request)
    if actor is not None:
        request.session["membership"] = actor.membership.pk
    with transaction.atomic():
        history.write("signed in", f"user:{user.pk}", actor=actor)
    response = HttpResponseRedirect(target)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:  # what was chosen in this browser stands
        keep_language(response, user.language)
    return response


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


@sensitive_post_parameters()
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password. All other sessions of this person end."""
    user = cast(User, request.user)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            User.objects.filter(pk=user.pk).update(must_change_password=False)
            history.write("password changed", f"user:{user.pk}", actor=actor_of(request))
        user.must_change_password = False
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已更换，其他设备上的登录已结束"))
        return HttpResponseRedirect(reverse("desk"))
    status = 422 if form.errors else 200
    return render(request, "pages/password.html", {"form": form, "due": user.must_change_password}, status=status)


@never_cache
def factor(request: HttpRequest) -> HttpResponse:
    """Switch the own second factor on, by a first code, or off, by another."""
    user = cast(User, request.user)
    form, status, on = CodeForm(request.POST or None), 200, second_factor.is_on(user)
    if request.method == "POST" and form.is_valid():
        if second_factor.check(user, form.cleaned_data["code"]):
            with transaction.atomic():
                if on:
                    second_factor.end(user)
                what = "second factor off" if on else "second factor on"
                history.write(what, f"user:{user.pk}", actor=actor_of(request))
            messages.success(request, _("两步验证已停用") if on else _("两步验证已启用"))
            return HttpResponseRedirect(reverse("second-factor"))
        form.add_error("code", _("验证码不对，或已用过。请等下一个。"))
    status = 422 if form.errors else 200
    waiting = None if on else second_factor.begin(user)
    context = {"form": form, "on": on, "factor": waiting, "address": waiting and second_factor.address(waiting)}
    return render(request, "pages/second_factor.html", context, status=status)
