"""Heat maps of the coarse network -> one chain of named vertebrae. Reference implementation: plain loops, to be ported line by line.

Input: `maps` (9, D, H, W) probabilities (channel order of CHANNELS) on the image's own coarse grid without padding, `spacing` mm per voxel (k, j, i).
Index k grows to the head, j to the back, i to the patient's left. Nothing here depends on the image's origin or on how it was stored.

Steps
  1 candidates   local maxima of `any`, refined to sub-voxel, thinned to one per `chain.mergeMm`
  2 chain        the heaviest path upwards through candidates at plausible distances (dynamic programming); weak ends are cut off
  3 levels       the most probable naming, by the evidence of the maps and by the decoder of places (naming/decoder.py), the sacrum's peak included
  4 doubts       flags; they become notices and never change a name
All ties go to the lower index. The constants lie in decoding.properties of lss-core, what was learned in naming.safetensors beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lss_training.naming import features, parameters
from lss_training.naming.decoder import Decoder
from lss_training.naming.levels import LEVELS

CHANNELS = ["any", "thoracic", "T12", "L1", "L2", "L3", "L4", "L5", "S1"]
ANY, THORACIC, T12, L1, L2, L3, L4, L5, S1 = range(9)
UPWARDS = [L5, L4, L3, L2, L1, T12, THORACIC]  # channel of the n-th vertebra above the sacrum; THORACIC repeats
CHEST = LEVELS[: LEVELS.index("T12")]  # names that make no difference: these vertebrae are not labelled

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
    level: str  # of naming/levels.py
    centre: tuple  # (k, j, i), continuous voxel index
    peak: float  # height of the `any` map


@dataclass
class Decoding:
    vertebrae: list = field(default_factory=list)  # upwards: the lowest first
    sacrum: tuple | None = None  # (k, j, i) of the S1 peak below the chain
    anchored: bool = False
    anchors: list = field(default_factory=list)  # of "sacrum", "T12"
    missed: list = field(default_factory=list)  # how many vertebrae are missing between each and the next one above
    probability: float = 0.0  # that these levels are right
    doubts: list = field(
        default_factory=list
    )  # of SECOND_CHAIN, NO_SURE_LUMBAR, UNSURE, SACRUM_MISMATCH, NOT_TWELVE_THORACIC, SIX_LUMBAR

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


def bridge(low, high, spacing):
    """Cost of one vertebra being missing between `low` and `high`: that of two steps of half the length, and `chain.missed`; None where they are too short."""
    middle = Peak((low.k + high.k) / 2, (low.j + high.j) / 2, (low.i + high.i) / 2, 0.0, ())
    if distance(low, middle, spacing) < CHAIN["shortMm"]:
        return None
    half = link(low, middle, spacing)
    return None if half is None else CHAIN["missed"] + 2 * half


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
                for missed in (0, 1):
                    cost = bridge(c[m], c[n], spacing) if missed else link(c[m], c[n], spacing)
                    if cost is None:
                        continue
                    for below in range(7):
                        if step != min(below + 1 + missed, 6):
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


def channel(level):
    """Heat map of a level; None of the neck and of the rare thirteenth thoracic vertebra. The rare sixth lumbar one looks like the fifth."""
    if level[0] == "C" or level == "T13":
        return None
    if level == "S":
        return S1
    if level == "T12":
        return T12
    if level[0] == "T":
        return THORACIC
    return min(L1 + int(level[1]) - 1, L5)


def level_evidence(rows, sacrum):
    """What the maps say for each level of each vertebra, as logarithms times `naming.evidence`, from the head down; the sacrum's peak last."""
    out = []
    for n, row in enumerate(rows):
        last = sacrum is not None and n == len(rows) - 1
        line = []
        for level in LEVELS:
            c = channel(level)
            value = log_evidence(0.0 if c is None else row[c])
            if last:
                value = log_evidence(sacrum) if level == "S" else value + log_evidence(1 - sacrum)
            line.append(NAMING["evidence"] * value)
        out.append(line)
    return np.array(out)


def sacrum_below(maps, chain, spacing):
    """The highest S1 peak that lies one step below the chain's lowest vertebra, or a little beside that; None without one."""
    for p in peaks(maps[S1], NAMING["sacrum"]):
        d = distance(p, chain[0], spacing)
        if p.k < chain[0].k and NAMING["sacrumNearMm"] <= d <= NAMING["sacrumFarMm"]:
            return p
    return None


def sacrum_fits(levels, missed):
    """Whether the chain ends in a sacrum right below L5 or L6."""
    return len(levels) > 1 and levels[-1] == "S" and levels[-2] in ("L5", "L6") and missed[-1] == 0


def other_than_twelve(levels, missed):
    """Whether the naming has a thirteenth thoracic vertebra, or none between T11 and L1."""
    pairs = list(zip(levels, levels[1:], missed))
    return "T13" in levels or ("T11", "L1", 0) in pairs


def calibrated(raw, bodies, decoder, fits):
    """Probability that the levels are right, from the model's own and whether a sacrum lies where the naming says."""
    odds = decoder.odds(raw, bodies)
    if fits:
        odds = NAMING["slope"] * odds + NAMING["offset"]
    else:
        odds = NAMING["slopeWithout"] * odds + NAMING["offsetWithout"]
    return 1 / (1 + math.exp(-odds))


def decode(maps, spacing, decoder=None):
    """decoder: names places; by default the one that ships."""
    decoder = decoder or Decoder(parameters.load())
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

    sacrum = sacrum_below(maps, chain, spacing)
    downwards = chain[::-1] + ([] if sacrum is None else [sacrum])
    rows = [evidence(maps, p) for p in downwards]
    points = np.array([(p.i * spacing[2], p.j * spacing[1], p.k * spacing[0]) for p in downwards])
    unknown = np.full_like(points, np.nan)
    bodies = features.Bodies(points, unknown, unknown, unknown)
    unary = NAMING["places"] * decoder.fit(features.features(bodies))
    unary = unary + level_evidence(rows, None if sacrum is None else sacrum.value)
    steps = [decoder.route_scores(d, NAMING["places"]) for d in features.lengths(bodies)]
    path, taken = decoder.best(unary, steps)
    levels, missed = [LEVELS[s] for s in path], [decoder.routes[r][2] for r in taken]

    count = len(chain)
    fits = sacrum_fits(levels, missed)
    result.probability = calibrated(decoder.share(unary, steps, path, CHEST), bodies, decoder, fits)
    ribs = any(
        levels[n] == "T12" and rows[n][T12] >= NAMING["anchor"] and rows[n - 1][THORACIC] >= NAMING["anchor"]
        for n in range(1, count)
    )
    result.anchors = ["sacrum"] * fits + ["T12"] * ribs
    if any(is_lumbar(level) for level in levels[:count]):
        none = [[n for n, level in enumerate(LEVELS) if not is_lumbar(level)]] * len(levels)
        margin = decoder.total(unary, steps) - decoder.total(decoder.restricted(unary, none), steps)
        lumbar = [n for n in range(count) if is_lumbar(levels[n])]
        supported = any(sum(rows[n][L1 : L5 + 1]) >= NAMING["lumbar"] for n in lumbar)
        clear = sum(min(1.0, downwards[n].value) for n in lumbar) >= NAMING["faint"] * len(lumbar)
        if not (supported and clear and margin >= NAMING["noLumbar"]):
            result.doubts.append("NO_SURE_LUMBAR")
            result.anchors, levels, missed, fits = [], ["T11"] * len(levels), [0] * len(missed), False
    if "NO_SURE_LUMBAR" not in result.doubts:
        if result.probability < NAMING["sure"]:
            result.doubts.append("UNSURE")
        if sacrum is not None and not fits:
            result.doubts.append("SACRUM_MISMATCH")
        if other_than_twelve(levels, missed):
            result.doubts.append("NOT_TWELVE_THORACIC")
        extra = any(p.value >= CHAIN["sixth"] and link(p, chain[0], spacing) is not None for p in candidates)
        if "L6" in levels or (extra and levels[count - 1] == "L5"):
            result.doubts.append("SIX_LUMBAR")
    result.vertebrae = [
        Located(level, (p.k, p.j, p.i), min(1.0, p.value)) for level, p in zip(levels[:count][::-1], chain)
    ]
    result.missed = missed[: count - 1][::-1]
    result.sacrum = None if sacrum is None else (sacrum.k, sacrum.j, sacrum.i)
    result.anchored = len(result.anchors) > 0
    return result


def is_lumbar(level):
    return level[0] == "L"
