"""Agreement by pingouin, SciPy and NumPy, written as JSON for the tests of lss-metrics.

pip install pingouin
python tools/oracles/agreement.py > lss-metrics/src/test/resources/dev/lss/metrics/agreement/agreement.json

pingouin is asked not to round (its intervals have two digits otherwise). Lin's concordance and the
bootstrap are in none of these programs and follow their definitions here.
"""

import json
import math
import warnings

import numpy as np
import pandas
import pingouin
import scipy.special as special
import scipy.stats as st

from masks import SplitMix64

warnings.filterwarnings("ignore")
pingouin.options["round"] = None
pingouin.options["round.column.CI95"] = None

TABLES = 40

# Shrout and Fleiss, Psychological Bulletin 86, 1979, table 2.
SHROUT_FLEISS = [
    [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
]  # fmt: skip

# Bland and Altman, Lancet 1986: peak flow in l/min, first readings of the large and the mini meter.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def number(value):
    value = float(value)
    return None if math.isnan(value) else "inf" if math.isinf(value) else value


def numbers(values):
    return [number(v) for v in values]


def icc(table):
    table = np.asarray(table, dtype=float)
    n, k = table.shape
    long = pandas.DataFrame(
        {
            "subject": np.repeat(np.arange(n), k),
            "rater": np.tile(np.arange(k), n),
            "value": table.ravel(),
        }
    )
    rows = pingouin.intraclass_corr(long, targets="subject", raters="rater", ratings="value")
    column = {c.replace("%", ""): c for c in rows.columns}
    return [
        {
            "estimate": number(row["ICC"]),
            "interval": numbers(row[column["CI95"]]),
            "f": number(row["F"]),
            "df": [number(row["df1"]), number(row["df2"])],
            "p": number(row["pval"]),
        }
        for _, row in rows.iterrows()
    ]


def tost(reference, method, bound):
    row = pingouin.tost(method, reference, bound=bound, paired=True).iloc[0]
    both = [
        pingouin.ttest(np.add(method, b), reference, paired=True, alternative=side).iloc[0]
        for b, side in [(bound, "greater"), (-bound, "less")]
    ]
    d = np.subtract(method, reference)
    return {
        "margin": bound,
        "df": number(row["dof"]),
        "p": number(row["pval"]),
        "t": [number(b["T"]) for b in both],
        "pOneSided": [number(b["p_val"]) for b in both],
        "interval": numbers(st.t.interval(0.9, len(d) - 1, d.mean(), st.sem(d))),
    }


def correlation(reference, method):
    answer = {}
    for name in ["pearson", "spearman"]:
        row = pingouin.corr(reference, method, method=name).iloc[0]
        answer[name] = {
            "r": number(row["r"]),
            "p": number(row["p_val"]),
        }
    # pingouin rounds this interval to six digits, so SciPy's is asked for.
    answer["pearson"]["interval"] = numbers(st.pearsonr(reference, method).confidence_interval())
    return answer


def bland_altman(reference, method):
    d = np.subtract(method, reference)
    m = np.add(method, reference) / 2
    n = len(d)
    z = st.norm.ppf(0.975)
    se = d.std(ddof=1) / math.sqrt(n)
    near, far = st.nct.ppf([0.025, 0.975], n - 1, z * math.sqrt(n)) * se
    line = st.linregress(m, d)
    half = st.t.ppf(0.975, n - 2) * line.stderr
    return {
        "bias": number(d.mean()),
        "sd": number(d.std(ddof=1)),
        "limits": numbers([d.mean() - z * d.std(ddof=1), d.mean() + z * d.std(ddof=1)]),
        "biasInterval": numbers(st.t.interval(0.95, n - 1, d.mean(), st.sem(d))),
        "lowerLimitInterval": numbers([d.mean() - far, d.mean() - near]),
        "upperLimitInterval": numbers([d.mean() + near, d.mean() + far]),
        "slope": number(line.slope),
        "intercept": number(line.intercept),
        "slopeSe": number(line.stderr),
        "slopeInterval": numbers([line.slope - half, line.slope + half]),
        "slopeP": number(line.pvalue),
    }


def wilcoxon(reference, method):
    d = np.subtract(method, reference)
    d = d[d != 0]
    ranks = st.rankdata(abs(d))
    ties = len(set(ranks)) < len(ranks)
    exact = math.nan
    if not ties and len(d) <= 50:
        exact = st.wilcoxon(d, method="exact").pvalue
    elif len(d) <= 12:
        exact = st.wilcoxon(d, method=st.PermutationMethod(n_resamples=np.inf)).pvalue
    approximate = [st.wilcoxon(d, method="approx", correction=c).pvalue for c in [False, True]]
    return {
        "positive": number(ranks[d > 0].sum()),
        "negative": number(ranks[d < 0].sum()),
        "exact": number(exact),
        "normal": numbers(approximate),
    }


def lin(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    sxx, sxy, _, syy = np.cov(x, y, bias=True).ravel()
    c = 2 * sxy / (sxx + syy + (x.mean() - y.mean()) ** 2)
    r = sxy / math.sqrt(sxx * syy)
    u = (x.mean() - y.mean()) / (sxx * syy) ** 0.25
    variance = (
        (1 - r**2) * c**2 / ((1 - c**2) * r**2)
        + 2 * c**3 * (1 - c) * u**2 / (r * (1 - c**2) ** 2)
        - c**4 * u**4 / (2 * r**2 * (1 - c**2) ** 2)
    ) / (len(x) - 2)
    half = st.norm.ppf(0.975) * math.sqrt(variance)
    return {
        "estimate": number(c),
        "interval": numbers(np.tanh([np.arctanh(c) - half, np.arctanh(c) + half])),
    }


def pair(reference, method, bound):
    return {
        "blandAltman": bland_altman(reference, method),
        "tost": tost(reference, method, bound),
        "correlation": correlation(reference, method),
        "wilcoxon": wilcoxon(reference, method),
        "lin": lin(reference, method),
    }


def random_table(seed):
    """Raters agree from hardly to nearly; every third table holds whole numbers, so ties."""
    random = np.random.default_rng(seed)
    n, k = int(random.integers(5, 80)), int(random.integers(2, 6))
    if seed % 4 == 1:
        n = int(random.integers(5, 13))
    noise = [3.0, 1.0, 0.3, 0.05][seed % 4]
    table = (
        random.normal(50, 5, (n, 1))
        + random.normal(0, 5 * noise / 3, (1, k))
        + random.normal(0, 5 * noise, (n, k))
    )
    return np.round(table, 0 if seed % 3 == 0 else 4)


def tables():
    for seed in range(TABLES):
        table = random_table(seed)
        yield {
            "ratings": table.tolist(),
            "icc": icc(table),
            **pair(table[:, 0], table[:, 1], float(1 + seed % 5)),
        }


def bootstrap(seed=42, replicates=999):
    random = np.random.default_rng(1)
    subjects = [
        np.round(random.beta(20, 2, int(random.integers(1, 6))), 4) for _ in range(11)
    ]
    n = len(subjects)
    generator = SplitMix64(seed)
    drawn = [[generator.index(n) for _ in range(n)] for _ in range(replicates)]
    answer = {"subjects": [s.tolist() for s in subjects], "replicates": replicates, "seed": seed}
    statistics = {
        "MEAN_OF_CASES": lambda indices: np.concatenate([subjects[i] for i in indices]).mean(),
        "MEAN_OF_SUBJECT_MEANS": lambda indices: np.mean([subjects[i].mean() for i in indices]),
    }
    for name, statistic in statistics.items():
        values = np.array([statistic(indices) for indices in drawn])
        estimate = statistic(range(n))
        left = np.array([statistic([j for j in range(n) if j != i]) for i in range(n)])
        # No replicate equals the estimate but for rounding, so ties play no part.
        z0 = st.norm.ppf((values < estimate).mean())
        a = st.skew(left) * -1 / (6 * math.sqrt(n))
        z = z0 + st.norm.ppf([0.025, 0.975])
        answer[name] = {
            "estimate": number(estimate),
            "percentile": numbers(np.quantile(values, [0.025, 0.975])),
            "bca": numbers(np.quantile(values, st.norm.cdf(z0 + z / (1 - a * z)))),
            "nearest": number(abs(values - estimate).min()),
        }
    return answer


def distributions():
    tails = [0.4999, 0.3, 0.1, 0.05, 0.025, 1e-3, 1e-6, 1e-12, 1e-50, 1e-250]
    dfs = [1, 2, 3.7, 5, 16, 47.9, 330, 5000]
    xs = [0.01, 0.5, 1, 2, 2.99, 3.01, 4.5, 8, 20, 37]
    return {
        "normalTail": [[x, number(st.norm.sf(x))] for x in xs + [-x for x in xs]],
        "normalQuantile": [[p, number(st.norm.isf(p))] for p in tails + [0.7, 0.975]],
        "tTail": [[x, df, number(st.t.sf(x, df))] for x in xs + [-1, -4] for df in dfs],
        "tQuantile": [[p, df, number(st.t.isf(p, df))] for p in tails[:8] for df in dfs],
        "fTail": [
            [x, a, b, number(st.f.sf(x, a, b))]
            for x in [0.01, 0.4, 1, 3, 11, 200]
            for a in dfs
            for b in dfs
        ],
        "fQuantile": [
            [p, a, b, number(st.f.isf(p, a, b))]
            for p in [0.975, 0.5, 0.05, 0.025]
            for a in dfs[1:]
            for b in dfs[1:]
        ],
        "noncentralTQuantile": [
            [p, df, delta, number(st.nct.isf(p, df, delta))]
            for p in [0.975, 0.5, 0.025]
            for df, delta in [(2, 3.4), (5, 4.8), (16, 8.08), (47, 13.6), (330, 35.7)]
        ],
        "beta": [
            [x, a, b, number(special.betainc(a, b, x))]
            for x in [1e-9, 0.1, 0.5, 0.9, 0.999]
            for a in [0.5, 1, 2.5, 40]
            for b in [0.5, 1, 2.5, 40]
        ],
        "logGamma": [[x, number(special.gammaln(x))] for x in [0.1, 0.5, 1.5, 7, 14.9, 15.1, 2500]],
    }


if __name__ == "__main__":
    answer = {
        "shroutFleiss": {"ratings": SHROUT_FLEISS, "icc": icc(SHROUT_FLEISS)},
        "peakFlow": {
            "ratings": np.column_stack([WRIGHT, MINI]).tolist(),
            "icc": icc(np.column_stack([WRIGHT, MINI])),
            **pair(WRIGHT, MINI, 0.05 * np.mean(WRIGHT)),
        },
        "bootstrap": bootstrap(),
        "distributions": distributions(),
    }
    print("{")
    for name, value in answer.items():
        print(f"{json.dumps(name)}: {json.dumps(value)},")
    print('"tables": [\n' + ",\n".join(json.dumps(t) for t in tables()) + "\n]\n}")
