"""The heading row of a table that its reader puts in order."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lachan.access.tables import Column, Table
from lachan.kernel.money import Vnd
from lachan.web.language import lang

register = template.Library()
_ARROWS = {"ascending": "↑", "descending": "↓", "": ""}


@register.simple_tag(takes_context=True)
def column_heads(context: template.Context, table: Table[Any]) -> SafeString:
    """`<thead>` with a link in each heading that can order; other parameters of the address stay, the page begins anew."""
    kept = context["request"].GET.copy()
    kept.pop("after", None)
    heads = []
    for column in table.columns:
        kept["sort"] = table.next_sort(column)
        heads.append((_head(table, column, kept.urlencode()),))
    return format_html("<thead><tr>{}</tr></thead>", format_html_join("", "{}", heads))


@register.simple_tag
def table_cell(column: Column[Any], row: Any) -> SafeString:
    """One cell of a table whose columns are not known beforehand: numbers grouped, a dash for nothing."""
    value = column.value(row)
    if isinstance(value, int):
        sign, text = "-" if value < 0 else "", Vnd(abs(value)).grouped(lang())
        return format_html('<td class="n">{}{}</td>', sign, text)
    return format_html("<td>{}</td>", "–" if value is None else value)


def _head(table: Table[Any], column: Column[Any], query: str) -> SafeString:
    kind = mark_safe(' class="n"') if column.figures else ""
    if column.by is None:
        return format_html('<th scope="col"{}>{}</th>', kind, column.title)
    direction = table.direction(column)
    said = format_html(' aria-sort="{}"', direction) if direction else ""
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="?{}">{} <span aria-hidden="true">{}</span></a></th>',
        kind, said, query, column.title, _ARROWS[direction],
    )  # fmt: skip
