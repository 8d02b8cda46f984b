"""The pages of the desk and their addresses; who may ask for them stands in `rights`."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from uitstroom.desk.entrance import SignIn
from uitstroom.desk.pages import accounts, action, deliveries, log, people, trouble, work

urlpatterns: list[URLPattern] = [
    path("", work.work, name="work"),
    path("aanmelden/", SignIn.as_view(), name="sign_in"),
    path("afmelden/", LogoutView.as_view(next_page="sign_in"), name="sign_out"),
    path("taal/", work.language, name="language"),
    path("gezond/", work.healthy, name="healthy"),
    path("zoeken/", people.find, name="find"),
    path("personen/nieuw/", people.person_new, name="person_new"),
    path("personen/<int:person>/", people.person, name="person"),
    path("werkgevers/<int:employer>/", people.employer, name="employer"),
    path("kantoren/<str:code>/", work.office, name="office"),
    path("acties/nieuw/", action.action_forms, name="action_forms"),
    path("acties/nieuw/<str:instrument>/", action.action_new, name="action_new"),
    path("acties/<str:number>/", action.action, name="action"),
    path("acties/<str:number>/<str:kind>/", action.act, name="act"),
    path("leveringen/", deliveries.deliveries, name="deliveries"),
    path("logboek/", log.log, name="log"),
    path("inzage/", log.access, name="access"),
    path("inzage/<int:person>/", log.access_of, name="access_of"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/nieuw/", accounts.account, name="account_new"),
    path("accounts/<int:account>/", accounts.account, name="account"),
]
handler400 = trouble.bad_request
handler403 = trouble.forbidden
handler404 = trouble.not_found
handler500 = trouble.failed
