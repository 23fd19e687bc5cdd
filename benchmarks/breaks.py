"""How well tables are joined over page breaks: `python benchmarks/breaks.py [--quick] [--cache FOLDER]`.

Labelled tables are set as PDF by every producer that is there, in styles and at heights on the page drawn from a seed,
so that pages end at every row and inside rows; what is read back is held against the label: places, spans, folded
texts. Rates come with their counts; documents that are not exact are listed by what went wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import biaoge
from biaoge.eval import reports
from biaoge.eval.metrics.levels import at_level
from biaoge.eval.typeset import page, producers, word
from biaoge.eval.typeset.collection import MICROHEI, SANS, SERIF, UKAI, UMING, ZENHEI
from biaoge.eval.typeset.producers import PRODUCERS, Job, Producer, missing, produce
from biaoge.eval.typeset.story import Item, Story
from biaoge.eval.typeset.style import Border, Style
from biaoge.model import Cell, Document, Role, Table

BORDERS: Mapping[str, Mapping[str, object]] = {
    "plain": {}, "thin": {"inner": Border(0.25), "outer": Border(0.25)}, "thick": {"outer": Border(1.5)},
    "double": {"outer": Border(2.25, "double")}, "dotted": {"inner": Border(0.75, "dotted"), "outer": Border(1)},
    "open": {"open_sides": True}, "shaded": {"header_fill": "#d9d9d9"},
    "fills": {"header_fill": "#b8cbe0", "fills": True},
}  # fmt: skip
SHARE: Mapping[Producer, float] = {"writer": 0.42, "chromium": 0.2, "weasyprint": 0.38}  # Chromium starts each anew.
LOST = "left out by the producer"  # The file does not hold the label's text; it does not count.
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何", "伟芳敏静丽强磊军洋勇艳杰涛明超霞平刚桂英"
WORDS = "依申请公开政府信息工作机关办理结果属于不予提供补正逾期答复材料登记注册管理服务检查合格限期整改完成情况说明"
LINES = (
    "Revenue", "Cost of sales", "Gross profit", "Research and development", "Selling expenses", "Interest income",
    "Other operating income (expense), net", "Profit before tax", "Income tax expense", "Deferred tax assets",
    "Trade receivables", "Property, plant and equipment", "Cash and cash equivalents at the end of the period",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A document: what it is (`look` names its style), how it is set, and whether cell texts stand at the top."""

    kind: str
    producer: Producer
    look: tuple[str, ...]
    story: Story
    style: Style
    top: bool

    def pdf(self, cache: Path) -> Path:
        """Where the document is kept; another content is another name."""
        key = hashlib.sha256(repr((self.producer, self.story, self.style, self.top)).encode()).hexdigest()[:12]
        return cache / f"{self.kind}-{self.producer}-{key}.pdf"


def grid(rows: Sequence[Sequence[str]], head: int, stub: int) -> Table:
    """Rows of texts as a table: `<` goes on from the left, `^` from above; the first `head` rows are headers."""
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            right = next((n for n in range(c + 1, len(row)) if row[n] != "<"), len(row))
            below = next((n for n in range(r + 1, len(rows)) if rows[n][c] != "^"), len(rows))
            roles: tuple[Role, Role] = ("corner", "row_header") if c < stub else ("column_header", "data")
            if text not in ("<", "^"):
                cells.append(Cell(r, c, text, below - r, right - c, roles[r >= head]))
    return Table(len(rows), len(rows[0]), tuple(cells), head, stub)


def statement(rng: random.Random, n: int) -> Table:
    """English: amounts under a header of two levels."""
    rows = [["", "Three months ended", "<", "Year ended", "<"], ["^", *["June 30, 2023", "June 30, 2022"] * 2]]
    for _ in range(n):
        rows.append([rng.choice(LINES)])
        for figure in (f"{rng.randrange(10, 9_999_999):,}" for _ in range(4)):
            rows[-1].append(rng.choice([figure, figure, figure, f"({figure})", "—"]))
    return grid(rows, 2, 1)


def _prose(rng: random.Random, low: int, high: int) -> str:
    text = "".join(rng.choice(WORDS) for _ in range(rng.randint(low, high)))
    return f"{text[: len(text) // 2]}，{text[len(text) // 2 :]}。" if len(text) > 12 else text


def register(rng: random.Random, n: int) -> Table:
    """Words in every column, remarks of several lines, some cells empty."""
    rows = [["序号", "姓名", "地址", "办理情况", "备注"]]
    for i in range(n):
        name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, 2))
        street = f"{rng.choice(WORDS)}{rng.choice(WORDS)}路{rng.randint(1, 300)}号{rng.choice(['', '二单元五零一室'])}"
        remark = rng.choice(["", "", _prose(rng, 4, 60)])
        rows.append([str(i + 1), name, street, _prose(rng, 6, 40), remark])
    return grid(rows, 1, 2)


def form(rng: random.Random, n: int) -> Table:
    """An empty form: numbered items, nearly every value blank."""
    rows = [["项目", "<", "本年数", "上年数", "说明"]]
    for i in range(n):
        group = f"{i // 5 + 1}. {_prose(rng, 3, 8)}" if i % 5 == 0 else "^"
        rows.append([group, f"（{i % 5 + 1}）{_prose(rng, 4, 24)}", rng.choice(["", "", "", "0"]), "", ""])
    return grid(rows, 1, 2)


def sums(rng: random.Random, n: int) -> Table:
    """Groups named once over their rows, each with its 小计, and 合计 at the end."""
    rows = [["地区", "单位", "收入", "<", "支出"], ["^", "^", "本级", "下级", "^"]]
    while len(rows) < n:
        size = rng.randint(2, 9)
        for i in range(size):
            name = "小计" if i == size - 1 else rng.choice(["市", "县", "区"]) + _prose(rng, 3, 9) + "局"
            rows.append([_prose(rng, 2, 14) if i == 0 else "^", name, *(str(rng.randrange(99999)) for _ in range(3))])
    rows.append(["合计", "<", *(str(rng.randrange(999999)) for _ in range(3))])
    return grid(rows, 2, 2)


def _report(which: int) -> Callable[[random.Random, int], Table]:
    return lambda rng, _: reports.load(rng.choice(reports.names())).labels[which].table


def pair(rng: random.Random, words: bool, same: bool) -> tuple[Table, Table]:
    """Two tables with columns of equal widths; the second with headers of its own unless `same`."""
    heads = [["名称", "上年结转", "本年收入", "年末结余"], ["科目", "预算安排", "实际执行", "完成比例"]]
    made = []
    for head in heads if not same else heads[:1] * 2:
        body = [["".join(rng.choice(WORDS) for _ in range(8)) for _ in range(4)] for _ in range(rng.randint(6, 12))]
        if not words:
            body = [[row[0], *(f"{rng.randrange(100, 999)}.{rng.randrange(10, 99)}" for _ in range(3))] for row in body]
        made.append(grid([head, *body], 1, 1))
    return made[0], made[1]


LONG: Mapping[str, tuple[Callable[[random.Random, int], Table], tuple[int, int], int]] = {
    "report-3": (_report(2), (0, 0), 5), "report-2": (_report(1), (0, 0), 2),
    "statement": (statement, (16, 30), 2), "register": (register, (12, 26), 2),
    "form": (form, (14, 26), 2), "sums": (sums, (16, 30), 3), "three-register": (register, (50, 80), 1),
    "three-sums": (sums, (80, 110), 1), "three-statement": (statement, (90, 120), 1),
}  # fmt: skip
"""For each kind its maker, the least and most rows, and how often it is drawn."""
PAIRS = ("pair", "pair-caption", "pair-words", "pair-words-caption", "pair-same-caption")


def draw(rng: random.Random, total: int, available: Sequence[Producer]) -> list[Case]:
    """The documents, each kind in turn at heights spread evenly over the page."""
    kinds = [kind for kind, (_, _, weight) in LONG.items() for _ in range(weight)] + list(PAIRS)
    cases, order = [], [kinds[i % len(kinds)] for i in range(total)]
    for number, kind in enumerate(order):
        share = order[:number].count(kind) / order.count(kind)
        producer = rng.choices(available, [SHARE[p] for p in available])[0]
        look, style, top = _look(rng, producer)
        items: list[Item] = [reports.Heading("二、有关情况", 1)]
        if kind in LONG:
            maker, (low, high), _ = LONG[kind]
            items += [maker(rng, rng.randint(low, high)), reports.Paragraph("以上情况属实。")]
        else:
            first, second = pair(rng, "words" in kind, "same" in kind)
            items += [first, reports.Heading("三、其他情况", 1), second] if "caption" in kind else [first, second]
        story = Story("年度报告", tuple(items), "en" if "statement" in kind else "zh-CN")
        case = Case(kind, producer, look, story, style, top)
        room = style.paper[1] - style.margins.top - style.margins.bottom - 50 - 3 * style.leading
        cases.append(case if kind in PAIRS else lowered(case, share * room))
    return cases


def _look(rng: random.Random, producer: Producer) -> tuple[tuple[str, ...], Style, bool]:
    border = rng.choice([name for name in BORDERS if name != "fills" or producer != "writer"])
    split, repeat, top = rng.random() < 0.65, rng.random() < 0.35, rng.random() < 0.35
    size, pad = rng.choice([(10.0, 3.0), (10.0, 3.0), (8.0, 2.0), (13.0, 5.0)])
    font = rng.choice([SERIF, SANS, UMING, UKAI, ZENHEI, MICROHEI])
    style = Style(font, font, 12, 22, table_size=size, pad=pad, repeat_header=repeat, split_rows=split)
    style = replace(style, **BORDERS[border])  # type: ignore[arg-type]
    look = (border, "rows split" if split else "rows whole", "header again" if repeat else "header once",
            "top" if top else "middle", f"{size:g} pt")  # fmt: skip
    return look, style, top


def lowered(case: Case, by: float) -> Case:
    """The document with its tables `by` points further down its first page."""
    lines, rest = divmod(max(by, 0.0), case.style.leading)
    filler = tuple(reports.Paragraph("本年度有关情况如下所列。") for _ in range(int(lines)))
    style = replace(case.style, margins=replace(case.style.margins, top=round(case.style.margins.top + rest, 1)))
    return replace(case, story=replace(case.story, items=filler + case.story.items), style=style)


def _html_to_the_top(story: Story, style: Style) -> str:
    return page.html_of(story, style).replace("vertical-align: middle", "vertical-align: top")


def _docx_to_the_top(story: Story, style: Style, path: Path) -> None:
    import docx
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    word.write_docx(story, style, path)
    document = docx.Document(str(path))
    for cell in (cell for table in document.tables for row in table.rows for cell in row.cells):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
    document.save(str(path))


def typeset(cases: Sequence[Case], cache: Path) -> None:
    """Set what the cache does not hold yet, many documents to a run."""
    for producer in PRODUCERS:
        for top in (False, True):
            mine = {c.pdf(cache): c for c in cases if (c.producer, c.top) == (producer, top)}
            jobs = [Job(case.story, case.style, pdf) for pdf, case in mine.items() if not pdf.exists()]
            html, docx = (_html_to_the_top, _docx_to_the_top) if top else (page.html_of, word.write_docx)
            with mock.patch.object(producers, "html_of", html), mock.patch.object(producers, "write_docx", docx):
                for start in range(0, len(jobs), 30):
                    produce(producer, jobs[start : start + 30])


def at_the_end(cases: Sequence[Case], cache: Path, rng: random.Random) -> list[Case]:
    """Pairs lowered so that the first table ends where the page does, or some points above."""
    alone = [replace(c, story=replace(c.story, items=c.story.items[:2])) for c in cases]
    typeset(alone, cache)
    placed = []
    for case, first in zip(cases, alone, strict=True):
        end = max(part.box.bottom for table in biaoge.read(first.pdf(cache)) for part in table.parts)
        room = case.style.paper[1] - case.style.margins.bottom - end
        placed.append(lowered(case, room - rng.choice([1.5, 6, 12, 30, 60])))
    return placed


def verdict(document: Document, true: Sequence[Table]) -> tuple[str, str]:
    """What went wrong (`exact` where nothing did) and the first places that show it."""
    printed = Counter(at_level("".join(w.text for sheet in document.pages for w in sheet.words), "folded"))
    lost = Counter(at_level("".join(c.text or "" for table in true for c in table.cells), "folded")) - printed
    if lost:
        return LOST, f"{lost.total()} characters are not in the file"
    if len(found := document.tables) != len(true):
        said = f"{len(found)} tables of rows {[t.n_rows for t in found]}, true {[t.n_rows for t in true]}"
        return ("not joined" if len(found) > len(true) else "wrongly joined"), said
    for table, label in zip(found, true, strict=True):
        mine, theirs = (
            {(c.row, c.col, c.rowspan, c.colspan): at_level(c.text or "", "folded") for c in t.cells}
            for t in (table, label)
        )
        wrong, missed = sorted(mine.items() - theirs.items())[:3], sorted(theirs.items() - mine.items())[:3]
        said = f"found {wrong} instead of {missed}"
        if table.n_cols != label.n_cols:
            return "columns differ", said
        if table.n_rows != label.n_rows:
            return ("row not put together" if table.n_rows > label.n_rows else "rows wrongly merged"), said
        if mine.keys() != theirs.keys():
            return ("span not rejoined" if len(mine) > len(theirs) else "span wrongly joined"), said
        if mine != theirs:
            return "text wrong", said
    return "exact", ""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--number", type=int, default=320, help="documents to set (320)")
    parser.add_argument("--quick", action="store_true", help="40 documents")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="folder that keeps the documents; a temporary one if not given")
    args = parser.parse_args(argv)
    if not (available := [producer for producer in PRODUCERS if missing(producer) is None]):
        parser.error("; ".join(str(missing(producer)) for producer in PRODUCERS))
    rng, started = random.Random(args.seed), time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="breaks-") as own:
        cache = args.cache or Path(own)
        cases = draw(rng, 40 if args.quick else args.number, available)
        pairs = at_the_end([c for c in cases if c.kind in PAIRS], cache, rng)
        cases = [c for c in cases if c.kind not in PAIRS] + pairs
        typeset(cases, cache)
        outcome = [verdict(biaoge.read(case.pdf(cache)), case.story.tables()) for case in cases]
    report(cases, [what for what, _ in outcome])
    for (what, said), case in sorted(zip(outcome, cases, strict=True), key=lambda one: (one[0], one[1].kind)):
        if what != "exact":
            print(f"{what}: {case.pdf(cache).name} {' / '.join(case.look)}\n    {said}")
    print(f"{time.perf_counter() - started:.0f} s")
    return 0


def report(cases: Sequence[Case], outcome: Sequence[str]) -> None:
    """Exact documents of all, by producer and kind, then by producer and each trait of the style."""
    traits = (*LONG, *PAIRS, *BORDERS, *sorted({trait for case in cases for trait in case.look} - set(BORDERS)), "all")
    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for case, what in zip(cases, outcome, strict=True):
        for trait in (case.kind, *case.look, "all") if what != LOST else ():
            for producer in (case.producer, "all"):
                counts[trait, producer][what == "exact"] += 1
    print(f"{'exact of all':20}" + "".join(f"{p:>12}" for p in (*PRODUCERS, "all")))
    for trait in traits:
        shown = [counts[trait, p] for p in (*PRODUCERS, "all")]
        print(f"{trait:20}" + "".join(f"{f'{n[True]}/{n.total()}' if n.total() else '':>12}" for n in shown))
    print("  ".join(f"{what}: {n}" for what, n in Counter(outcome).most_common()))


if __name__ == "__main__":
    raise SystemExit(main())
