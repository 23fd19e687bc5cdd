"""The two national templates of the government-information report as forms, as far as flattened text needs them."""

from __future__ import annotations

from biaoge.forms.template import Form, Node, Rule, TableForm

_DISCLOSED = ("二、主动公开政府信息情况", "主动公开政府信息情况")
_REQUESTS = ("三、收到和处理政府信息公开申请情况", "收到和处理政府信息公开申请情况")
_DISPUTES = ("四、政府信息公开行政复议、行政诉讼情况", "政府信息公开行政复议、行政诉讼情况")
_CORNER = ("(本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和)",)

_ROWS = (
    ("new", "一、本年新收政府信息公开申请数量"),
    ("carried_in", "二、上年结转政府信息公开申请数量"),
    ("results", "三、本年度办理结果"),
    ("results.granted", "(一) 予以公开"),
    ("results.partly", "(二) 部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("results.withheld", "(三) 不予公开"),
    ("results.withheld.secret", "1.属于国家秘密"),
    ("results.withheld.forbidden", "2.其他法律行政法规禁止公开"),
    ("results.withheld.security", "3.危及“三安全一稳定”"),
    ("results.withheld.third_party", "4.保护第三方合法权益"),
    ("results.withheld.internal", "5.属于三类内部事务信息"),
    ("results.withheld.process", "6.属于四类过程性信息"),
    ("results.withheld.case_file", "7.属于行政执法案卷"),
    ("results.withheld.inquiry", "8.属于行政查询事项"),
    ("results.unable", "(四) 无法提供"),
    ("results.unable.not_held", "1.本机关不掌握相关政府信息"),
    ("results.unable.to_make", "2.没有现成信息需要另行制作"),
    ("results.unable.unclear", "3.补正后申请内容仍不明确"),
    ("results.unprocessed", "(五) 不予处理"),
    ("results.unprocessed.petition", "1.信访举报投诉类申请"),
    ("results.unprocessed.repeated", "2.重复申请"),
    ("results.unprocessed.publication", "3.要求提供公开出版物"),
    ("results.unprocessed.excessive", "4.无正当理由大量反复申请"),
    ("results.unprocessed.reissue", "5.要求行政机关确认或重新出具已获取信息"),
    ("results.other", "(六) 其他处理"),
    ("results.other.not_amended", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("results.other.unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("results.other.rest", "3.其他"),
    ("results.total", "(七) 总计"),
    ("carried_out", "四、结转下年度继续办理"),
)
_COLUMNS = (
    ("applicants", "申请人情况"),
    ("applicants.person", "自然人"),
    ("applicants.legal", "法人或其他组织"),
    ("applicants.legal.business", "商业企业"),
    ("applicants.legal.research", "科研机构"),
    ("applicants.legal.welfare", "社会公益组织"),
    ("applicants.legal.law", "法律服务机构"),
    ("applicants.legal.other", "其他"),
    ("total", "总计"),
)
_OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def _nodes(pairs: tuple[tuple[str, str], ...], optional: str = "?") -> tuple[Node, ...]:
    return tuple(Node(key, (name,), optional=key.startswith(optional)) for key, name in pairs)


def _section(key: str, ordinal: str, columns: str, rows: str) -> TableForm:
    """A section of the second table; `columns` and `rows` parted by blanks, wordings of one by bars."""
    return TableForm(
        key=f"disclosed.{key}",
        captions=_DISCLOSED,
        rows=tuple(Node(f"r{i}", tuple(name.split("|"))) for i, name in enumerate(rows.split())),
        columns=tuple(Node(f"c{i}", tuple(name.split("|"))) for i, name in enumerate(columns.split())),
        section=(f"第二十条第（{ordinal}）项",),
        corner=("信息内容",),
        type="decimal",
    )


def _requests() -> TableForm:
    leaves = tuple(key for key, _ in _ROWS if not any(other.startswith(key + ".") for other, _ in _ROWS))
    results = tuple(key for key in leaves if key.startswith("results.") and key != "results.total")
    people = tuple(key for key, _ in _COLUMNS if key.count(".") == 2 or key == "applicants.person")
    return TableForm(
        "requests",
        _REQUESTS,
        _nodes(_ROWS, optional="results.other."),
        _nodes(_COLUMNS),
        rules=(
            Rule("across", "总计", "row", ("total",), people),
            Rule("results", "(七) 总计", "column", ("results.total",), results),
            Rule("flow", "一 + 二 = 三 + 四", "column", ("new", "carried_in"), ("results.total", "carried_out")),
        ),
        corner=_CORNER,
    )


def _disputes() -> TableForm:
    over = (
        ("review", "行政复议"),
        ("suit", "行政诉讼"),
        ("suit.direct", "未经复议直接起诉"),
        ("suit.after", "复议后起诉"),
    )
    columns: list[Node] = []
    rules: list[Rule] = []
    for key, name in over:
        columns.append(Node(key, (name,)))
        if key != "suit":
            leaves = [Node(f"{key}.c{i}", (outcome,)) for i, outcome in enumerate(_OUTCOMES)]
            columns += leaves
            rules.append(Rule(key, name, "row", (leaves[-1].key,), tuple(leaf.key for leaf in leaves[:-1])))
    return TableForm("disputes", _DISPUTES, (Node("cases", ("",)),), tuple(columns), rules=tuple(rules))


def form_2021() -> Form:
    """The template since 2021."""
    disclosed = (
        _section(
            "art20_1", "一", "本年制发件数 本年废止件数|本年度止件数 现行有效件数", "规章 行政规范性文件|规范性文件"
        ),
        _section("art20_5", "五", "本年处理决定数量", "行政许可"),
        _section("art20_6", "六", "本年处理决定数量", "行政处罚 行政强制"),
        _section("art20_8", "八", "本年收费金额（单位：万元）", "行政事业性收费"),
    )
    return Form("report-2021", {"zh": "政府信息公开工作年度报告"}, (*disclosed, _requests(), _disputes()))


def form_2019() -> Form:
    """The template of 2019 and 2020."""
    counted = "上一年项目数量 本年增/减 处理决定数量"
    made = "本年新制作数量 本年新公开数量 对外公开总数量"
    disclosed = (
        _section("art20_1", "一", made, "规章 规范性文件"),
        _section("art20_5", "五", counted, "行政许可 其他对外管理服务事项"),
        _section("art20_6", "六", counted, "行政处罚 行政强制"),
        _section("art20_8", "八", "上一年项目数量 本年增/减", "行政事业性收费"),
        _section("art20_9", "九", "采购项目数量 采购总金额（单位：万元，保留4位小数）", "政府集中采购"),
    )
    return Form("report-2019", {"zh": "政府信息公开工作年度报告"}, (*disclosed, _requests(), _disputes()))
