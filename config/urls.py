"""Every address: the project's own here, the rest in each app's urls.py."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import views
from crm.views import search
from segments.views import setting_up
from segments.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("set-up/", setting_up.set_up, name="set_up"),
    path("set-up/demo/", setting_up.demo, name="set_up_demo"),
    path("", include("crm.urls")),
    path("", include("interactions.urls")),
    path("", include("segments.urls")),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("theme/", views.theme, name="theme"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path(
        "accounts/login/",
        auth_views.LoginView.as_view(redirect_authenticated_user=True),
        name="login",
    ),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path(
        "accounts/password/done/",
        auth_views.PasswordChangeDoneView.as_view(),
        name="password_change_done",
    ),
]
