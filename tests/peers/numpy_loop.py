"""The figure-3 campaign as a NumPy programmer would write it: the same incremental work, vectorised.

Library, response, exact GP with appended Cholesky rows (LAPACK for the row of L, then one matrix-vector product over all
points of a set for each observation), exact E_gain over a sorted pool, the paper's switching rule, metrics over every particle
after every iteration. As in ours, library, pool and mapped candidates are three sets of points: a planner sees measured
compositions, never the library's. It follows the same equations, not the same random numbers.
"""
import numpy as np
from scipy.linalg import solve_triangular

LENGTH, PRIOR_SD, NOISE_SD = 0.1 * np.sqrt(2), 0.55, 1e-3
SIDE, TILE, DENSITY = 300.0, 30.0, 0.02
POOL, SEEDS, ITERATIONS, GAUSSIANS, WIDTH, SCALE_SAMPLE = 2000, 3, 150, 106, 0.1, 512
T_EDX, T_MA, T_BS, T_MEAS, SPEED = 10.0, 5.0, 0.02, 1.0, 10.0


def response(points, centres, amplitudes):
    square = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-0.5 * square / WIDTH**2) @ amplitudes


class Field:
    """Points with their posterior, and the columns v = L^-1 k(X, p) behind it."""

    def __init__(self, points, rows):
        self.scaled = np.ascontiguousarray(points.T) / LENGTH
        self.v = np.empty((rows, len(points)))
        self.mean, self.variance = np.zeros(len(points)), np.full(len(points), PRIOR_SD**2)

    def learn(self, n, at, l, pivot, z):
        square = (self.scaled[0] - at[0] / LENGTH) ** 2
        for d in range(1, len(at)):
            square += (self.scaled[d] - at[d] / LENGTH) ** 2
        v = (PRIOR_SD**2 * np.exp(-0.5 * square) - l @ self.v[:n]) / pivot
        self.v[n] = v
        self.variance -= v * v
        self.mean += v * z

    def sd(self):
        return np.sqrt(np.maximum(self.variance, 0))


def run(seed):
    rng = np.random.default_rng(seed)
    columns = int(SIDE / TILE)
    tiles = columns * columns
    counts = rng.poisson(DENSITY * TILE * TILE, tiles)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    library = rng.dirichlet([1.0] * 3, counts.sum())
    centres, amplitudes = rng.dirichlet([1.0] * 3, GAUSSIANS), rng.uniform(-1, 1, GAUSSIANS)
    sample = response(rng.dirichlet([1.0] * 3, SCALE_SAMPLE), centres, amplitudes)
    truth = (response(library, centres, amplitudes) - sample.min()) / (sample.max() - sample.min())
    centre = (np.stack([np.arange(tiles) % columns, np.arange(tiles) // columns], axis=1) + 0.5) * TILE

    rows = SEEDS + ITERATIONS
    everything, pool = Field(library, rows), Field(rng.dirichlet([1.0] * 3, POOL), rows)
    factor, x, z = np.zeros((rows, rows)), np.empty((rows, 3)), np.empty(rows)
    # The mapped particles, in order of mapping: which they are, where, whether measured, and their posterior.
    known, where, measured = np.empty(0, int), np.empty(0, int), np.empty(0, bool)
    candidates, n = None, 0
    visited = np.zeros(tiles, bool)
    below, below_lambda = None, None
    sds, errors = [], []

    def visit(tile):
        nonlocal known, where, measured, candidates
        visited[tile] = True
        new = np.arange(offsets[tile], offsets[tile + 1])
        field = Field(library[new], rows)
        for k in range(n):
            field.learn(k, x[k], factor[k, :k], factor[k, k], z[k])
        known, where = np.append(known, new), np.append(where, np.full(len(new), tile))
        measured = np.append(measured, np.zeros(len(new), bool))
        if candidates is None:
            candidates = field
        else:
            for name in ("scaled", "v", "mean", "variance"):
                setattr(candidates, name, np.concatenate([getattr(candidates, name), getattr(field, name)], axis=-1))

    def learn(c):
        nonlocal n
        i = known[c]
        at = library[i]
        k = PRIOR_SD**2 * np.exp(-0.5 * (((x[:n] - at) / LENGTH) ** 2).sum(axis=1))
        l = solve_triangular(factor[:n, :n], k, lower=True, check_finite=False) if n else k
        pivot = np.sqrt(PRIOR_SD**2 + NOISE_SD**2 - l @ l)
        factor[n, :n], factor[n, n], x[n] = l, pivot, at
        z[n] = (truth[i] - l @ z[:n]) / pivot
        for field in (everything, pool, candidates):
            field.learn(n, at, l, pivot, z[n])
        measured[c] = True
        n += 1

    def metrics():
        sds.append(everything.sd().mean())
        error = everything.mean - truth
        errors.append((np.abs(error).mean(), np.sqrt((error**2).mean())))

    here = int(rng.integers(tiles))
    visit(here)
    for c in rng.permutation(counts[here])[:SEEDS]:
        learn(int(c))
    metrics()
    for _ in range(ITERATIONS):
        sd = candidates.sd()
        local = where == here
        left = local & ~measured
        stay = left.sum() / max(local.sum(), 1) * sd[left].max(initial=0.0)
        distance = np.hypot(*(centre - centre[here]).T)
        fresh = np.flatnonzero(~visited)
        target = int(fresh[np.argmin(distance[fresh])])
        lam = len(known) / visited.sum()
        if lam != below_lambda:
            below_lambda = lam
            below = np.diff(np.exp(-lam * (1 - np.arange(POOL + 1) / POOL)))
        gain = np.sort(pool.sd()) @ below
        switch = (T_EDX + T_MA + distance[target] / SPEED) * stay / T_MEAS
        if gain - switch > 0 or not left.any():
            here = target
            visit(here)
            sd = candidates.sd()
            distance = np.hypot(*(centre - centre[here]).T)
        travel = distance[where]
        cost = np.where(travel == 0, 1.0, T_MA + T_BS + travel / SPEED)
        best = int(np.argmax(np.where(measured, -1.0, sd / cost)))
        here = int(where[best])
        learn(best)
        metrics()
    return {"mean_sd": float(sds[-1]), "mean_abs_error": float(errors[-1][0]), "regions": int(visited.sum())}
