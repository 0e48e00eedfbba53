"""Heat maps of the coarse network -> one chain of named vertebrae. Reference implementation: plain loops, to be ported line by line.

Input: `maps` (9, D, H, W) probabilities (channel order of CHANNELS) on the image's own coarse grid without padding, `spacing` mm per voxel (k, j, i).
Index k grows to the head, j to the back, i to the patient's left. Nothing here depends on the image's origin or on how it was stored.

Steps
  1 candidates   local maxima of `any`, refined to sub-voxel, thinned to one per `chain.mergeMm`
  2 chain        the heaviest path upwards through candidates at plausible distances (dynamic programming); weak ends are cut off
  3 levels       the one consecutive naming (.. L5 L4 L3 L2 L1 T12 thoracic ..) with the highest sum of log evidence, the sacrum's peak included
  4 doubts       flags; they become notices and never change a name
All ties go to the lower index. The constants lie in decoding.properties of lss-core.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

CHANNELS = ["any", "thoracic", "T12", "L1", "L2", "L3", "L4", "L5", "S1"]
ANY, THORACIC, T12, L1, L2, L3, L4, L5, S1 = range(9)
UPWARDS = [L5, L4, L3, L2, L1, T12, THORACIC]  # channel of the n-th vertebra above the sacrum; THORACIC repeats
NAMES = ["L5", "L4", "L3", "L2", "L1", "T12", "thoracic"]

RESOURCE = Path(__file__).resolve().parents[3] / "lss-core/src/main/resources/dev/lss/core/ct/decoding.properties"


def constants(path=RESOURCE):
    """Key -> value of the resource that the library reads too; it says what each means."""
    lines = (line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {key.strip(): float(value) for key, value in pairs}


CHAIN = {key.removeprefix("chain."): value for key, value in constants().items() if key.startswith("chain.")}
NAMING = {key.removeprefix("naming."): value for key, value in constants().items() if key.startswith("naming.")}


@dataclass
class Peak:
    k: float
    j: float
    i: float
    value: float
    voxel: tuple


@dataclass
class Located:
    level: str  # L5 .. L1, T12 or thoracic
    centre: tuple  # (k, j, i), continuous voxel index
    peak: float  # height of the `any` map
    support: float  # share of the level evidence at this place that speaks for the name, 0 to 1


@dataclass
class Decoding:
    vertebrae: list = field(default_factory=list)  # upwards: the lowest first
    sacrum: tuple | None = None  # (k, j, i) of the S1 peak below the chain
    anchored: bool = False
    anchors: list = field(default_factory=list)  # of "sacrum", "T12"
    doubts: list = field(
        default_factory=list
    )  # of SECOND_CHAIN, AMBIGUOUS_LEVELS, LUMBAR_COUNT_SIX, LUMBAR_COUNT_FOUR, SACRUM_MISMATCH, NO_SURE_LUMBAR
    margin: float = 0.0  # log-evidence lead of the chosen naming

    @property
    def lumbar(self):
        return [v for v in self.vertebrae if v.level[0] == "L"]


def peaks(a, threshold):
    """Local maxima of a 3-D map, highest first; of equal neighbours the first in memory order wins."""
    found = []
    depth, height, width = a.shape
    for k, j, i in np.argwhere(a >= threshold):
        v = a[k, j, i]
        top = True
        for dk in (-1, 0, 1):
            for dj in (-1, 0, 1):
                for di in (-1, 0, 1):
                    kk, jj, ii = k + dk, j + dj, i + di
                    if (
                        (dk, dj, di) == (0, 0, 0)
                        or kk < 0
                        or jj < 0
                        or ii < 0
                        or kk >= depth
                        or jj >= height
                        or ii >= width
                    ):
                        continue
                    w = a[kk, jj, ii]
                    before = (dk, dj, di) < (0, 0, 0)
                    if w > v or (w == v and before):
                        top = False
        if top:
            found.append(
                Peak(
                    k + vertex(a, k, j, i, 0),
                    j + vertex(a, k, j, i, 1),
                    i + vertex(a, k, j, i, 2),
                    float(v),
                    (int(k), int(j), int(i)),
                )
            )
    found.sort(key=lambda p: (-p.value, p.voxel))
    return found


def vertex(a, k, j, i, axis):
    """Sub-voxel offset along one axis: vertex of the parabola through the three log values (exact for a Gaussian), at most half a voxel."""
    at = [k, j, i]
    n = a.shape[axis]
    c = at[axis]
    if c == 0 or c == n - 1:
        return 0.0
    at[axis] = c - 1
    low = math.log(max(float(a[tuple(at)]), 1e-4))
    at[axis] = c + 1
    high = math.log(max(float(a[tuple(at)]), 1e-4))
    mid = math.log(max(float(a[k, j, i]), 1e-4))
    bend = low - 2 * mid + high
    if bend > -1e-6:
        return 0.0
    return max(-0.5, min(0.5, 0.5 * (low - high) / bend))


def distance(p, q, spacing):
    return math.sqrt(
        ((p.k - q.k) * spacing[0]) ** 2 + ((p.j - q.j) * spacing[1]) ** 2 + ((p.i - q.i) * spacing[2]) ** 2
    )


def thin(found, spacing):
    """Keeps a peak only when no higher one lies within `chain.mergeMm`."""
    kept = []
    for p in found:
        near = False
        for q in kept:
            if distance(p, q, spacing) < CHAIN["mergeMm"]:
                near = True
        if not near:
            kept.append(p)
    return kept


def link(low, high, spacing):
    """Cost of `high` being the next vertebra above `low`, or None."""
    up = (high.k - low.k) * spacing[0]
    d = distance(low, high, spacing)
    if up <= 0 or d < CHAIN["nearestMm"] or d > CHAIN["farthestMm"]:
        return None
    side = math.sqrt(max(0.0, d * d - up * up))
    if side > CHAIN["lean"] * up:
        return None
    cost = 0.0
    if d < CHAIN["shortMm"]:
        cost += (CHAIN["shortMm"] - d) * CHAIN["shortCost"]
    if d > CHAIN["longMm"]:
        cost += (d - CHAIN["longMm"]) * CHAIN["longCost"]
    if side > CHAIN["slant"] * up:
        cost += CHAIN["slantCost"]
    return cost


def heaviest_chain(candidates, spacing):
    """Weight of the path with the largest sum of heights less link costs."""
    c = sorted(candidates, key=lambda p: (p.k, p.j, p.i))
    weight = []
    for n in range(len(c)):
        best = 0.0
        for m in range(n):
            cost = link(c[m], c[n], spacing)
            if cost is not None:
                best = max(best, weight[m] - cost)
        weight.append(best + c[n].value)
    return max(weight, default=0.0)


def believable(p, depth, spacing):
    """May this peak end a chain? Slivers at the first and last slice must be strong."""
    edge = min(p.k, depth - 1 - p.k) * spacing[0]
    return p.value >= (CHAIN["sliver"] if edge < CHAIN["borderMm"] else CHAIN["strong"])


def best_chain(candidates, maps, spacing):
    """The peaks, upwards, of the path with the highest score over all consecutive namings of it: candidates that fit no naming, as pieces of the
    sacrum or half vertebrae between two whole ones, are left out."""
    depth = maps.shape[1]
    c = sorted(candidates, key=lambda p: (p.k, p.j, p.i))
    rows = [evidence(maps, p) for p in c]
    total, back = [], []
    for n in range(len(c)):
        total.append([-math.inf] * 7)
        back.append([None] * 7)
        for step in range(7):
            best, come = (0.0, None) if believable(c[n], depth, spacing) else (-math.inf, None)
            for m in range(n):
                cost = link(c[m], c[n], spacing)
                if cost is None:
                    continue
                for below in range(7):
                    if step != min(below + 1, 6):
                        continue
                    value = total[m][below] - CHAIN["link"] * cost
                    if value > best:
                        best, come = value, (m, below)
            total[n][step] = (
                best
                + CHAIN["inChain"]
                + CHAIN["height"] * c[n].value
                + math.log(max(rows[n][UPWARDS[step]], CHAIN["unnamed"]))
            )
            back[n][step] = come
    top, at = 0.0, None
    for n in range(len(c)):
        for step in range(7):
            if believable(c[n], depth, spacing) and total[n][step] > top:
                top, at = total[n][step], (n, step)
    chain = []
    while at is not None:
        chain.append(c[at[0]])
        at = back[at[0]][at[1]]
    chain.reverse()
    return chain


def evidence(maps, p):
    """Per channel the largest value in the 3x3x3 voxels around a peak."""
    k, j, i = p.voxel
    _, depth, height, width = maps.shape
    out = [0.0] * 9
    for c in range(9):
        for kk in range(max(0, k - 1), min(depth, k + 2)):
            for jj in range(max(0, j - 1), min(height, j + 2)):
                for ii in range(max(0, i - 1), min(width, i + 2)):
                    out[c] = max(out[c], float(maps[c, kk, jj, ii]))
    return out


def log_evidence(x):
    return math.log(max(x, NAMING["floor"]))


def sacrum_below(maps, chain, spacing):
    """The highest S1 peak that lies one step below the chain's lowest vertebra, or a little beside that; None without one."""
    for p in peaks(maps[S1], NAMING["sacrum"]):
        d = distance(p, chain[0], spacing)
        if p.k < chain[0].k and NAMING["sacrumNearMm"] <= d <= NAMING["sacrumFarMm"]:
            return p
    return None


def naming(offset, count):
    """Index into UPWARDS of each vertebra when the lowest is the offset-th above the sacrum."""
    return [min(offset + n, 6) for n in range(count)]


def score(names, rows):
    total = 0.0
    for name, row in zip(names, rows):
        total += log_evidence(row[UPWARDS[name]])
    return total


def sacrum_score(offset, sacrum):
    """The sacrum directly below the chain speaks for L5 at its lower end."""
    if sacrum is None:
        return 0.0
    return log_evidence(sacrum.value if offset == 0 else 1.0 - sacrum.value)


def prior(offset, count):
    """Breaks ties when the maps say nothing: the middle of the chain is L3."""
    return -0.01 * abs(offset + 0.5 * (count - 1) - 2.0)


def variants(rows, sacrum):
    """Best score of a naming with four (one level skipped) and six (one level doubled) lumbar vertebrae."""
    count = len(rows)
    four = six = -1e9
    for offset in range(6):
        for at in range(1, count):
            if offset + at > 5:
                break  # the change must lie below T12, within the lumbar part
            skipped = [min(offset + n + (1 if n >= at else 0), 6) for n in range(count)]
            doubled = [min(offset + n - (1 if n >= at else 0), 6) for n in range(count)]
            four = max(four, score(skipped, rows) + sacrum_score(offset, sacrum))
            six = max(six, score(doubled, rows) + sacrum_score(offset, sacrum))
    return four, six


def decode(maps, spacing):
    result = Decoding()
    candidates = thin(peaks(maps[ANY], CHAIN["weak"]), spacing)
    chain = best_chain(candidates, maps, spacing)
    tallest = 0.0
    for p in chain:
        tallest = max(tallest, p.value)
    if tallest < CHAIN["sure"] or (len(chain) == 1 and tallest < CHAIN["alone"]):
        return result
    rest = heaviest_chain([p for p in candidates if p not in chain], spacing)
    if rest >= CHAIN["rival"] * heaviest_chain(chain, spacing) and rest >= 1.0:
        result.doubts.append("SECOND_CHAIN")

    rows = [evidence(maps, p) for p in chain]
    sacrum = sacrum_below(maps, chain, spacing)
    scores = [score(naming(o, len(chain)), rows) + sacrum_score(o, sacrum) + prior(o, len(chain)) for o in range(7)]
    best = 0
    for o in range(1, 7):
        if scores[o] > scores[best]:
            best = o
    second = max(scores[o] for o in range(7) if o != best)
    result.margin = scores[best] - second
    names = naming(best, len(chain))
    if result.margin < NAMING["closeCall"]:
        result.doubts.append("AMBIGUOUS_LEVELS")
    four, six = variants(rows, sacrum)
    extra = best == 0 and any(p.value >= CHAIN["alone"] and link(p, chain[0], spacing) is not None for p in candidates)
    if extra or (six > scores[best] + NAMING["variant"] and six >= four):
        result.doubts.append("LUMBAR_COUNT_SIX")
    elif four > scores[best] + NAMING["variant"]:
        result.doubts.append("LUMBAR_COUNT_FOUR")
    for p, row, name in zip(chain, rows, names):
        told = sum(row[1:8])
        support = row[UPWARDS[name]] / told if told > NAMING["floor"] else 0.0
        result.vertebrae.append(Located(NAMES[name], (p.k, p.j, p.i), min(1.0, p.value), support))

    if sacrum is not None:
        result.sacrum = (sacrum.k, sacrum.j, sacrum.i)
        if names[0] == 0:
            result.anchors.append("sacrum")
        elif names[0] < 6 or sacrum.value >= NAMING["anchor"]:
            result.doubts.append("SACRUM_MISMATCH")
    for n, name in enumerate(names[:-1]):
        if name == 5 and rows[n][T12] >= NAMING["anchor"] and rows[n + 1][THORACIC] >= NAMING["anchor"]:
            result.anchors.append("T12")
    result.anchored = len(result.anchors) > 0
    supported = any(sum(row[L1 : L5 + 1]) >= NAMING["lumbar"] for row, name in zip(rows, names) if name < 5)
    lumbar = result.lumbar
    clear = bool(lumbar) and sum(v.peak for v in lumbar) >= NAMING["faint"] * len(lumbar)
    if best < 5 and not (supported and clear and scores[best] - max(scores[5], scores[6]) >= NAMING["noLumbar"]):
        result.doubts.append("NO_SURE_LUMBAR")
        result.vertebrae = [
            v if v.level[0] != "L" else Located("thoracic", v.centre, v.peak, 0.0) for v in result.vertebrae
        ]
        result.anchored, result.anchors = False, []
    return result
