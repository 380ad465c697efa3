"""The words of the figures of addresses, in two languages; every number in them comes from the table that is drawn."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from tradeanalytics.addressed.rates import BaseRate
from tradeanalytics.story.bundle import Words
from tradeanalytics.story.customs_figures import party_name
from tradeanalytics.story.words import NO_BREAK, number, percent, us_money, vintage_words

LISTED: Final = {
    "en": "In the room of a party on an invented list",
    "fr": "Dans le local d’une partie d’une liste inventée",
}
_THERE: Final = {
    "ON": {"en": "in Ontario", "fr": "en Ontario"},
    "QC": {"en": "in Quebec", "fr": "au Québec"},
}  # where the sample's register has addresses
_ROOM: Final = {"en": "Room", "fr": "Local"}
_SOURCE: Final = {
    "en": (
        "Source: {files}, invented: no company, home, street or deal in them is real. Rows that repeat another count"
        " once. Chart: tradeanalytics."
    ),
    "fr": (
        "Source : {files}, inventés : aucune entreprise, maison, rue ni transaction réelle. Une ligne répétée compte"
        " une fois. Graphique : tradeanalytics."
    ),
}
_AND: Final = {"en": " and ", "fr": " et "}


def source(files: list[str], language: str) -> str:
    """The line of sources for these files."""
    return _SOURCE[language].format(files=_AND[language].join((", ".join(files[:-1]), files[-1])))


def door(spot: str, language: str) -> str:
    """A door in words, from its unit, number and street: the unit with its word."""
    return f"{_ROOM[language]} {spot}"


def priority(row: Any, language: str) -> str:
    """How much of a shipper's goods is on the common high priority list."""
    share = row.priority_usd_cents / row.value_usd_cents
    if language == "en":
        return "no high-priority goods" if not share else f"{percent(share, 0, 'en')} high-priority"
    return "aucun bien prioritaire" if not share else f"{percent(share, 0, 'fr')} prioritaires"


def homes(table: pd.DataFrame, rate: BaseRate, vintage: str, files: list[str], language: str) -> Words:
    """Of the shippers at homes, with the base rate beside."""
    count, total = number(len(table), 0, language), us_money(int(table["value_usd_cents"].sum()), language)
    high = us_money(int(table["priority_usd_cents"].sum()), language)
    first = table.iloc[0]
    top, amount = party_name(first["party"]), us_money(int(first["value_usd_cents"]), language)
    homes, recorded, canadian, everybody = (
        number(one, 0, language) for one in (rate.homes, rate.recorded, rate.canadian, rate.everybody)
    )
    share, when = percent(rate.homes / rate.recorded, 0, language), vintage_words(vintage, language)
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: {homes} of {recorded} shippers in an address register are recorded at homes",
            subtitle=(
                "Invented data. Shippers at addresses that an invented register records as residential: share of goods"
                f" on the common high priority list, and statistical value, US$. Register: {when}"
            ),
            source=source(files, language),
            caption=(
                f"Invented data: {count} shippers at addresses recorded as residential sent goods worth {total}, {high}"
                f" of it on the common high priority list; {top} the most, {amount}. They are {share} of the {recorded}"
                f" shippers of whose addresses the register tells a use; {canadian} of all {everybody} shippers have an"
                " address in Canada, and of the others nothing is known. Firms run from homes are common and lawful: a"
                " lead to check, not a finding."
            ),
            alt_text=(
                f"Bar chart of invented data: {count} shippers at addresses recorded as residential by value of goods,"
                f" the largest, {top}, with {amount}."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: {homes} des {recorded} expéditeurs d’un registre d’adresses sont inscrits à domicile",
        subtitle=(
            "Données inventées. Expéditeurs à des adresses qu’un registre inventé inscrit comme résidentielles\u00a0:"
            " part des biens de la liste commune à haute priorité et valeur statistique, en dollars américains."
            f" Registre\u00a0: {when}"
        ),
        source=source(files, language),
        caption=(
            f"Données inventées : {count} expéditeurs à des adresses inscrites comme résidentielles ont envoyé des"
            f" marchandises d’une valeur de {total}, dont {high} sur la liste commune à haute priorité ; {top} le plus,"
            f" {amount}. Ils sont {share} des {recorded} expéditeurs dont le registre connaît l’usage de l’adresse ;"
            f" {canadian} des {everybody} expéditeurs ont une adresse au Canada, et des autres on ne sait rien. Une"
            " entreprise à domicile est chose courante et licite : une piste à vérifier, non un constat."
        ),
        alt_text=(
            f"Diagramme à barres de données inventées : {count} expéditeurs à des adresses inscrites comme"
            f" résidentielles selon la valeur des marchandises, le plus grand, {top}, avec {amount}."
        ),
    )


def doors(table: pd.DataFrame, groups: pd.DataFrame, listed: int, files: list[str], language: str) -> Words:
    """Of the doors in common: the largest group, and how many are in the room of a listed party."""
    largest = groups.iloc[0]
    companies, pairs, rooms = (number(int(largest[name]), 0, language) for name in ("companies", "edges", "doors"))
    same, value = number(listed, 0, language), us_money(int(table["value_usd_cents"].sum()), language)
    most = number(int(table.groupby("door")["party"].nunique().max()), 0, language)
    if language == "en":
        return Words(
            headline=(
                f"SYNTHETIC: {companies} companies joined by {rooms}{NO_BREAK}rooms, {same} at a listed party’s address"
            ),
            subtitle=(
                "Invented data. Rooms that several shippers give as their address, and statistical value that they"
                " sent from there, US$"
            ),
            source=source(files, language),
            caption=(
                f"Invented data: {most} companies give one room as their address. In all, {rooms} rooms join"
                f" {companies}"
                f" companies, {pairs} pairs with a room in common, goods worth {value}. An"
                " office tower with one company to a room is not among them. A shared door is a lead: secretaries,"
                " families and landlords put lawful companies behind one door, too."
            ),
            alt_text=(
                f"Network of invented data: {companies} companies at {rooms} rooms that several share, {same} of them"
                " in the room of a party on an invented list."
            ),
        )
    return Words(
        headline=(
            f"FICTIF\u00a0: {companies} entreprises liées par {rooms} locaux, dont {same} à l’adresse d’une partie"
            " inscrite"
        ),
        subtitle=(
            "Données inventées. Locaux que plusieurs expéditeurs donnent pour adresse et valeur statistique envoyée de"
            " là, en dollars américains"
        ),
        source=source(files, language),
        caption=(
            f"Données inventées : {most} entreprises donnent un même local pour adresse. En tout, {rooms} locaux lient"
            f" {companies} entreprises, {pairs} paires ayant un local en commun, des marchandises d’une"
            f" valeur de {value}. Une tour de bureaux avec une entreprise par local n’en est pas. Une adresse commune"
            " est une piste : secrétariats, familles et bailleurs logent aussi des entreprises licites à une même"
            " adresse."
        ),
        alt_text=(
            f"Réseau de données inventées : {companies} entreprises à {rooms} locaux que plusieurs partagent, dont"
            f" {same} dans le local d’une partie d’une liste inventée."
        ),
    )


def points(table: pd.DataFrame, province: str, rate: BaseRate, files: list[str], language: str) -> Words:
    """Of the places with a point: how many, and by which use."""
    drawn, everybody = number(table["party"].nunique(), 0, language), number(rate.everybody, 0, language)
    at = table.groupby("use")["party"].nunique()
    homes, offices, mixed, unknown = (
        number(int(at.get(use, 0)), 0, language) for use in ("residential", "non_residential", "mixed", "unknown")
    )
    there = _THERE[province][language]
    spots = number(len(table[["lat", "lon"]].drop_duplicates()), 0, language)
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: where the {homes} shippers at homes are, among {drawn} at {spots} places",
            subtitle=(
                "Invented data. Shippers whose address an invented register has, by its recorded use, latitude and"
                " longitude; all points lie in open water"
            ),
            source=source(files, language),
            caption=(
                f"Invented data: {drawn} of {everybody} shippers have an address {there} that the register knows with"
                " a point:"
                f" {homes} recorded as residential, {mixed} as mixed, {offices} as non-residential, {unknown} of"
                " unknown use. The others are elsewhere, or not in the register, and are not drawn. Many at one point"
                " are"
                " the suites of an office tower."
            ),
            alt_text=(
                f"Plot of invented points: {drawn} shippers at {spots} places by latitude and longitude, {homes} of"
                " them at addresses recorded as residential."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: où sont les {homes} expéditeurs à domicile, parmi {drawn} en {spots} lieux",
        subtitle=(
            "Données inventées. Expéditeurs dont un registre inventé a l’adresse, selon l’usage inscrit, par latitude"
            " et longitude\u00a0; tous les points sont sur l’eau"
        ),
        source=source(files, language),
        caption=(
            f"Données inventées : {drawn} expéditeurs sur {everybody} ont une adresse {there} que le registre situe :"
            f" {homes} à des adresses inscrites comme résidentielles, {mixed} comme mixtes, {offices} comme non"
            " résidentielles,"
            f" {unknown} d’usage inconnu. Les autres sont ailleurs, ou absents du registre, et ne sont pas"
            " dessinés. Plusieurs en un point sont les bureaux d’une tour."
        ),
        alt_text=(
            f"Nuage de points inventés : {drawn} expéditeurs en {spots} lieux par latitude et longitude, dont {homes} à"
            " des adresses inscrites comme résidentielles."
        ),
    )
