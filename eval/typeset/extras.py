"""Small documents beside the reports: other languages, other page shapes, tables in and beside tables."""

from __future__ import annotations

from dataclasses import replace

from biaoge.eval.gridtext import loads
from biaoge.eval.reports import Heading, Paragraph
from biaoge.model import Table

from .producers import Producer
from .story import Nested, SideBySide, Story
from .style import Border, Margins, Style


def _table(header_rows: int, stub_cols: int, rows: str, more: str = "") -> Table:
    """`rows` in grid text; `more`: further lines of front matter."""
    front = f"---\nsource: extra\ntable: 1\nheader_rows: {header_rows}\nstub_cols: {stub_cols}\n{more}labeller: a\n"
    return loads(f"{front}status: single\n---\n{rows.strip()}\n", "extra").table


_STATEMENT = _table(
    2,
    1,
    """
(in thousands of dollars) | Three months ended | < | Nine months ended | <
^ | 30 Sep 2023 | 30 Sep 2022 | 30 Sep 2023 | 30 Sep 2022
Net sales | 41,382 | 38,904 | 121,077 | 114,650
Cost of goods sold | (25,918) | (24,377) | (76,402) | (72,185)
Gross profit | 15,464 | 14,527 | 44,675 | 42,465
Selling and administrative expenses | (8,210) | (7,955) | (24,391) | (23,870)
Research and development | (2,147) | (1,980) | (6,318) | (5,904)
Impairment of goodwill | – | (410) | – | (410)
Operating income | 5,107 | 4,182 | 13,966 | 12,281
Interest expense, net | (612) | (688) | (1,874) | (2,017)
Income before taxes | 4,495 | 3,494 | 12,092 | 10,264
Income taxes | (1,034) | (839) | (2,793) | (2,464)
Net income | 3,461 | 2,655 | 9,299 | 7,800
""",
)

_LEFT = _table(
    1,
    1,
    """
收入项目 | 预算数 | 决算数
财政拨款 | 1,204.50 | 1,198.37
事业收入 | 86.00 | 91.42
其他收入 | 3.20 | 2.96
合计 | 1,293.70 | 1,292.75
""",
)

_RIGHT = _table(
    2,
    1,
    """
支出项目 | 决算数 | <
^ | 基本支出 | 项目支出
一般公共服务 | 702.18 | 213.44
教育支出 | 41.06 | 12.90
合计 | 743.24 | 226.34
""",
)

_OUTER = _table(
    1,
    1,
    """
事项 | 办理情况 | 责任单位
主动公开 | 全年发布信息 1,531 条 | 办公室
依申请公开 | 分类办理数量如下： | 政务公开科
监督保障 | 组织培训 4 次 | 办公室
""",
)

_INNER = _table(
    1,
    1,
    """
类别 | 受理 | 办结
自然人 | 12 | 11
法人 | 5 | 5
""",
)

_WIDE = _table(
    3,
    2,
    """
序号 | 单位名称 | 一般公共预算 | < | < | < | 政府性基金预算 | < | 国有资本经营预算 | 合计
^ | ^ | 基本支出 | < | 项目支出 | < | ^ | + | ^ | ^
^ | ^ | 人员经费 | 公用经费 | 本级 | 转移支付 | 本级 | 转移支付 | ^ | ^
1 | 办公室 | 512.30 | 88.14 | 120.00 | | | | | 720.44
2 | 财政局 | 603.77 | 91.02 | 88.60 | 1,200.00 | 35.00 | | | 2,018.39
3 | 教育局 | 2,210.05 | 310.48 | 455.20 | 820.00 | | 60.00 | | 3,855.73
4 | 国有资产监督管理办公室 | 98.41 | 17.20 | 12.00 | | | | 300.00 | 427.61
合计 | < | 3,424.53 | 506.84 | 675.80 | 2,020.00 | 35.00 | 60.00 | 300.00 | 7,022.17
""",
)

_SMALL = _table(
    2,
    1,
    """
项目 | 行政复议 | < | 总计
^ | 结果维持 | 结果纠正 | ^
第二十条第（一）项 | 1 | 0 | 1
自然人 | 12 | 3 | 15
法人或其他组织 | 6 | 2 | 8
无正当理由大量反复申请 | 0 | 0 | 0
""",
)

MINIATURE = Story(
    "人民政府办公室工作简表",
    (
        Paragraph("本表按自然人、法人或其他组织分行列示，金额以人民币万元计，一律取自业务系统。"),
        Heading("一、行政复议情况", 1),
        _SMALL,
        Paragraph("（一）总计为各行之和。（二）无数据的行填零。"),
    ),
)

_FIGURES = Story(
    "Condensed Consolidated Statements of Income",
    (
        Paragraph("The table shows the results of operations; amounts in parentheses are deducted."),
        _STATEMENT,
        Paragraph("See the accompanying notes. Figures of the earlier year were restated to the present layout."),
    ),
    language="en",
)

_ABREAST = Story(
    "单位收支决算表",
    (
        Paragraph("收入和支出分列左右两表，单位：万元。"),
        SideBySide(_LEFT, _RIGHT),
        Paragraph("两表口径一致，收入合计与支出合计之差为年末结转。"),
    ),
)

_WITHIN = Story(
    "重点工作办理情况",
    (
        Paragraph("各责任单位按季度报送，办公室汇总如下。"),
        Nested(_OUTER, _INNER, (2, 1)),
        Paragraph("办结数不含结转下年度的事项。"),
    ),
)

_BUDGET = Story(
    "部门支出预算总表",
    (Paragraph("单位：万元。空格表示无此项支出。"), _WIDE, Paragraph("合计数由各分项相加得出。")),
)

_NARROW = Margins(60, 60, 60, 60)
_FLAT = Style(font="AR PL UMing CN", title_font="WenQuanYi Zen Hei", landscape=True, margins=_NARROW)

EXTRAS: dict[str, tuple[Producer, Style, tuple[str, ...], Story]] = {
    "statement": (
        "weasyprint",
        Style(font="DejaVu Serif", title_font="DejaVu Sans", size=11, leading=17, booktabs=True, outer=Border(1.2)),
        ("hard", "english", "booktabs"),
        _FIGURES,
    ),
    "abreast": (
        "chromium",
        Style(font="AR PL UMing CN", title_font="WenQuanYi Zen Hei", size=12, leading=22, margins=_NARROW),
        ("side-by-side",),
        _ABREAST,
    ),
    "within": (
        "weasyprint",
        Style(font="WenQuanYi Zen Hei", title_font="WenQuanYi Zen Hei", size=12, leading=22, pad=5),
        ("nested",),
        _WITHIN,
    ),
    "wide": ("writer", _FLAT, ("landscape",), _BUDGET),
    "turned": ("chromium", replace(_FLAT, turned=True), ("landscape", "rotate-90"), _BUDGET),
}
