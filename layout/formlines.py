"""Lines around tables that name neither the table nor a section: units, departments, dates; and numbered captions."""

from __future__ import annotations

import re

_NUMBERED = re.compile(
    r"^(?:(?:续|附)?表\s*[0-9０-９一二三四五六七八九十]+(?:[-－–.．][0-9]+)*(?![0-9元年月日])"
    r"|(?:Table|TABLE|Tab\.|Exhibit|Tableau|Tabelle)\s*(?:[0-9]+|[A-Z]\b|[IVX]+\b)(?:[-–.][0-9A-Za-z]+)*)"
)
_REFERS = re.compile(
    r"^\s*(?:shows?|lists?|presents?|gives?|provides?|summari[sz]es?|contains?|reports?|displays?|is|are|and|illustrates?"
    r"|describes?|compares?|has|includes?|indicates?)\b|^[所中显列为是的给和与、]"
)
_UNIT = re.compile(
    r"^[（(【\[]?\s*(?:金额|计量|货币|数量)?单\s*位\s*(?:[:：]|[为是])|^(?:[Uu]nits?|UNITS?)\s*[:：]"
    r"|^[（(\[]?\s*(?:(?:[Nn]umbers|[Aa]mounts|[Ff]igures|[Dd]ollars) )?(?:[Ii]n )?"
    r"(?:thousands?|millions?|billions?|EUR|USD|%)\b.{0,30}$"
    r"|^[（(].{0,24}(?:万元|亿元|元|%|％)\s*[）)]$"
)
_FORM = re.compile(
    r"^(?:[填编公上申][制报开]?|预算|主管|实施|项目)*(?:单\s*位|部\s*门|机关|日期|时间|年度)\s*(?:名称|[(（].{0,8}[)）])?\s*[:：]"
    r"|^(?:填表|制表|审核|填报|编制|统计|报告|截止|截至)[^。]{0,8}[:：]|^\d{4}\s?年\s?(?:度|\d{1,2}\s?月.{0,8})?$|^[√□☑☐✓\s]*(?:适用|是|有)\s*[√□☑☐✓]"
    r"|^(?:财决|财预|公开|预算|批复|部门|国资|附)[^，。]{0,4}\d{0,3}-?\d{0,2}\s*(?:表|号)?$"
    r"|^附\s*[件表]\s*[0-9一二三四五六七八九十-]*\s*[:：]?$"
)
_NOTE = re.compile(r"^(?:注|备\s*注|附\s*注|说\s*明|(?:资料|数据)来源|Notes?|NOTES?|Sources?|SOURCES?)\s*\d*\s*[:：.]")


def caption_number(text: str) -> int:
    """Length of the label at the start of a numbered caption (「表 2」, "Table 3."), 0 for any other text.

    A sentence about a table ("Table 3 shows …") is none.

    >>> [caption_number(t) for t in ("表 2 收支预算总表", "Table 3. Costs", "Table 3 shows the costs.", "表明")]
    [3, 7, 0, 0]
    """
    found = _NUMBERED.match(text)
    return found.end() if found is not None and not _REFERS.match(text[found.end() :]) else 0


def is_form_line(text: str) -> bool:
    """Whether a line is part of a form's head: unit, department, date, the form's own number.

    >>> [is_form_line(t) for t in ("单位：万元", "编制部门：某某局", "公开01表", "（单位：元）", "收支预算总表")]
    [True, True, True, True, False]
    """
    return bool(_UNIT.search(text) or _FORM.search(text))


def is_note(text: str) -> bool:
    """Whether a line is a note under a table.

    >>> [is_note(t) for t in ("注：本表为空表。", "Source: Eurostat", "注意事项")]
    [True, True, False]
    """
    return _NOTE.match(text) is not None
