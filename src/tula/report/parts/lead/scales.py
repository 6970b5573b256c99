"""A pair of scales: what the pivot loses by keeping its course against what it loses by giving in.

The beam turns by the price of autonomy and by nothing else. The needle, fixed to the beam, shows
that price on a dial in bn USD a year, which stands for the scale and carries the range. Giving in
hangs on the left, so that a price below zero, where it loses more, turns the needle to the left.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report.parts.lead.canvas import LINE, Canvas, Point, turned
from tula.report.view import View
from tula.say.words import capital, joined
from tula.strategy.balance.states import State
from tula.study.balance.records import BalanceRecord, CourseRecord
from tula.study.balance.terms import MEANINGS, leading, yielding

#: Turn of the beam, in degrees, where the dial ends.
STEEPEST = 20.0
#: Steps from which the end of the dial is chosen, times a power of ten.
ENDS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True)
class Pan:
    """A course's pan: what the pivot, ``who``, loses on it, bn USD a year; minus: gains.

    ``where``: among which rivals the course leaves it; empty where there is no more to say.
    """

    name: str
    colour: str
    who: str
    loss: float
    where: str

    @property
    def says(self) -> str:
        """What the block in the pan stands for."""
        verb = "loses" if self.loss >= 0 else "gains"
        return f"{capital(self.who)} {verb} {write.billions(1000.0 * abs(self.loss))} a year"


@dataclass(frozen=True)
class Weighing:
    """What the scales show: the pans of giving in and of keeping the course, and the price.

    ``ends`` is where the dial ends; ``says`` what either half of the dial means, left first.
    """

    pans: tuple[Pan, Pan]
    price: Estimate
    ends: float
    says: tuple[str, str]
    state: str
    meaning: str


@dataclass(frozen=True)
class Layout:
    """Sizes in pixels of one drawing; ``wrap`` is how many letters a line under a pan holds."""

    width: float
    arm: float
    radius: float
    string: float
    pan: float
    block: float
    wrap: int
    says_wrap: int
    below: bool


WIDE = Layout(880, 270, 190, 110, 66, 62, 36, 24, False)
NARROW = Layout(330, 95, 124, 88, 42, 44, 16, 15, True)


def weigh(view: View, record: BalanceRecord) -> Weighing | None:
    """Put a record on the scales; None if no course gives in to a rival of the study.

    The left pan holds what the best way of giving in loses, the right one what keeping the course
    loses: both against a year without pressure. Their difference is the price of autonomy.
    """
    giving, keeping = yielding(record), record.courses[0]
    rivals = view.actors[1:]
    if giving is None or giving.aligned_with not in rivals:
        return None
    master = view.named(giving.aligned_with)
    others = [view.named(code) for code in rivals if code != giving.aligned_with]
    away = f"away from {joined(others)}" if others else ""
    between = f"between {joined([view.named(code) for code in rivals])}" if others else ""
    price = record.price
    state = State(leading(record.odds[0].kept).state) if record.odds else None
    return Weighing(
        (
            _pan(view, giving, f"Give way to {master}", away),
            _pan(view, keeping, "Keep its course", between),
        ),
        price,
        end_of_dial(max(abs(price.low), abs(price.central), abs(price.high))),
        ("below zero: keeping its course pays", f"above zero: giving way to {master} pays"),
        state.value if state else "not known",
        MEANINGS[state] if state else "no odds were drawn",
    )


def end_of_dial(most: float) -> float:
    """The first round number at or above the largest price to be shown; 1 if there is none."""
    if most <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in ENDS if step * power >= most * (1 - 1e-12))


def angle(value: float, ends: float) -> float:
    """Turn of the beam in degrees for a price; below zero, the left pan comes down."""
    return STEEPEST * value / ends


def picture(weighing: Weighing, layout: Layout, label: str) -> str:
    """Draw the scales as an SVG element of the page."""
    pivot = Point(layout.width / 2, layout.radius + 58)
    turn = angle(weighing.price.central, weighing.ends)
    drop = layout.arm * abs(math.sin(math.radians(turn)))
    lines = max(len(_captions(pan, layout)) for pan in weighing.pans)
    foot = pivot.y + drop + layout.string + 30 + (LINE + 1) * lines
    canvas = Canvas(layout.width, foot + (52 if layout.below else 4), label)
    _stand(canvas, pivot, foot, layout)
    _dial(canvas, pivot, weighing, layout)
    tallest = max(pan.loss for pan in weighing.pans)
    for side, pan in zip((-1, 1), weighing.pans, strict=True):
        hook = turned(pivot, side * layout.arm, turn)
        _hung(canvas, hook, pan, tallest, layout)
    ends = [turned(pivot, side * layout.arm, turn) for side in (-1, 1)]
    canvas.line(ends[0], ends[1], "var(--ink)", 6, cap="round")
    canvas.line(pivot, turned(pivot, layout.radius - 4, turn - 90), "var(--ink)", 2.5)
    canvas.circle(pivot, 8, "var(--ink)")
    _word(canvas, pivot, foot, weighing, layout)
    return canvas.drawn()


def spoken(weighing: Weighing) -> str:
    """The picture in words, every number told."""
    pans = "; ".join(f"{pan.name}: {pan.says}" for pan in weighing.pans)
    price = weighing.price
    central, low, high = (write.number(n) for n in (price.central, price.low, price.high))
    return (
        f"A pair of scales. {pans}. The needle stands at a price of {central} bn USD a year, its "
        f"range from {low} to {high}; {'; '.join(weighing.says)}. State: {weighing.state}, "
        f"{weighing.meaning}."
    )


def _pan(view: View, course: CourseRecord, name: str, where: str) -> Pan:
    """The pan of a course, in the colour of who decides it: the pivot, or whom it gives way to."""
    place = view.actors.index(course.aligned_with or view.pivot)
    colour = f"var(--actor{place})" if place < 4 else "var(--other)"
    return Pan(name, colour, view.named(view.pivot), -course.worth.central, where)


def _captions(pan: Pan, layout: Layout) -> list[tuple[str, str, float, bool]]:
    """Lines under a pan, each with its colour, its size and whether it is bold."""
    told = (
        (pan.name, pan.colour, 14.0, True),
        (pan.says, "var(--ink)", 13.0, True),
        (pan.where, "var(--soft)", 12.0, False),
    )
    return [
        (line, colour, size, bold)
        for words, colour, size, bold in told
        for line in textwrap.wrap(words, layout.wrap)
    ]


def _stand(canvas: Canvas, pivot: Point, foot: float, layout: Layout) -> None:
    canvas.line(pivot, Point(pivot.x, foot), "var(--rule)", 5)
    half = layout.arm / 3
    canvas.line(Point(pivot.x - half, foot), Point(pivot.x + half, foot), "var(--rule)", 5)


def _dial(canvas: Canvas, pivot: Point, weighing: Weighing, layout: Layout) -> None:
    """Band of the range, ticks with the price in bn USD a year, and what either side means."""
    radius, ends, price = layout.radius, weighing.ends, weighing.price
    band = [angle(value, ends) - 90 for value in (price.low, price.high)]
    canvas.arc(pivot, radius - 7, (-STEEPEST - 90, STEEPEST - 90), "var(--rule)", 14)
    canvas.arc(pivot, radius - 7, (min(band), max(band)), "var(--other)", 14)
    for part in (-1.0, -0.5, 0.0, 0.5, 1.0):
        turn = angle(part * ends, ends) - 90
        canvas.line(
            turned(pivot, radius - 15, turn), turned(pivot, radius + 2, turn), "var(--soft)", 1.2
        )
        if layout.below and abs(part) == 0.5:
            continue
        canvas.text(turned(pivot, radius + 12, turn), write.level(part * ends), "var(--soft)", 12)
    canvas.text(Point(pivot.x, 12), "price of autonomy, bn USD a year", "var(--soft)", 12)
    edge = radius * math.sin(math.radians(STEEPEST)) + 16
    for side, said in zip((-1, 1), weighing.says, strict=True):
        lines = textwrap.wrap(said, layout.says_wrap)
        at = Point(pivot.x + side * edge, pivot.y - radius + (16 if layout.below else 8))
        canvas.lines(at, lines, "var(--soft)", 12, anchor="end" if side < 0 else "start")


def _hung(canvas: Canvas, hook: Point, pan: Pan, tallest: float, layout: Layout) -> None:
    """A pan on its strings, the block in it, and what the block stands for."""
    floor = hook.y + layout.string
    if pan.loss > 0.0:
        high = layout.block * pan.loss / tallest
        canvas.box(Point(hook.x - 20, floor - high), 40, high, pan.colour)
    for side in (-1, 1):
        canvas.line(hook, Point(hook.x + side * layout.pan, floor), "var(--soft)", 1.2)
    canvas.bowl(Point(hook.x, floor), layout.pan, "var(--ink)")
    for number, (words, colour, size, bold) in enumerate(_captions(pan, layout)):
        at = Point(hook.x, floor + 30 + (LINE + 1) * number)
        canvas.text(at, words, colour, size, bold=bold)


def _word(canvas: Canvas, pivot: Point, foot: float, weighing: Weighing, layout: Layout) -> None:
    """The state at the pivot with its meaning, below the scales where there is no room."""
    lines = textwrap.wrap(weighing.meaning, 28 if not layout.below else 46)
    if layout.below:
        canvas.plaque(Point(pivot.x, pivot.y + 34), weighing.state, 18)
        canvas.lines(Point(pivot.x, foot + 20), lines, "var(--ink)", 13.5)
        return
    top = pivot.y + 60
    patch = Point(pivot.x - 100, top + 20)
    canvas.box(patch, 200, LINE * len(lines) + 8, "var(--paper)")
    canvas.plaque(Point(pivot.x, top), weighing.state, 34)
    canvas.lines(Point(pivot.x, top + 34), lines, "var(--ink)", 14)
