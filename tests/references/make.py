"""Reference values in 50 digits for tests/references.rs: `python make.py > cases.json` (needs mpmath).

The posterior is solved from its closed form with a dense inverse, nothing like the engine's appended factor:
mean = m + kᵀ (K + N)⁻¹ (y − m), variance = k(c, c) − kᵀ (K + N)⁻¹ k, ln p(y) = −½ rᵀ (K + N)⁻¹ r − ½ ln det(K + N) − n/2 ln 2π.
"""
import json
import random

from mpmath import diag, erfc, exp, log, matrix, mp, mpf, pi, quad, sqrt

mp.dps = 50


def correlation(kernel, r2):
    r = sqrt(r2)
    if kernel == "rbf":
        return exp(-r2 / 2)
    if kernel == "matern_32":
        return (1 + sqrt(3) * r) * exp(-sqrt(3) * r)
    return (1 + sqrt(5) * r + 5 * r2 / 3) * exp(-sqrt(5) * r)


def simplex(rng, n):
    parts = [rng.expovariate(1) for _ in range(n)]
    total = sum(parts)
    return [p / total for p in parts]


def case(rng, kernel, n, observations, ard, input_noise, mean, noise_sd):
    lengths = [rng.uniform(0.1, 0.5) for _ in range(n)] if ard else [rng.uniform(0.1, 0.4)] * n
    prior_sd = rng.uniform(0.3, 2)
    x = [simplex(rng, n) for _ in range(observations)]
    sigma = [[rng.uniform(0, 0.05) for _ in range(n)] for _ in range(observations)]
    y = [rng.uniform(-1, 1) for _ in range(observations)]
    at = [simplex(rng, n) for _ in range(6)]

    def k(a, b):
        r2 = sum(((mpf(p) - mpf(q)) / mpf(length)) ** 2 for p, q, length in zip(a, b, lengths))
        return mpf(prior_sd) ** 2 * correlation(kernel, r2)

    slope = {"rbf": mpf(1), "matern_32": mpf(3), "matern_52": mpf(5) / 3}[kernel]

    def noise(s):
        extra = sum((mpf(v) / mpf(length)) ** 2 for v, length in zip(s, lengths)) * slope * mpf(prior_sd) ** 2
        return mpf(noise_sd) ** 2 + (extra if input_noise else 0)

    big = matrix(observations, observations)
    for i in range(observations):
        for j in range(observations):
            big[i, j] = k(x[i], x[j])
    big += diag([noise(s) for s in sigma])
    inverse = big**-1
    residual = matrix([mpf(v) - mpf(mean) for v in y])
    weights = inverse * residual
    means, variances = [], []
    for point in at:
        row = matrix([k(point, xi) for xi in x])
        means.append(mpf(mean) + (row.T * weights)[0])
        variances.append(mpf(prior_sd) ** 2 - (row.T * inverse * row)[0])
    evidence = -(residual.T * weights)[0] / 2 - log(mp.det(big)) / 2 - mpf(observations) / 2 * log(2 * pi)
    return {
        "kernel": kernel, "length_scales": lengths, "isotropic": not ard, "prior_sd": prior_sd, "noise_sd": noise_sd, "mean": mean,
        "input_noise": input_noise, "x": x, "sigma": sigma, "y": y, "at": at,
        "means": [float(v) for v in means], "variances": [float(v) for v in variances], "log_likelihood": float(evidence),
    }


def improvement(gap, sd):
    """EI as an integral of the normal density, and its logarithm and PI in closed form, all in 50 digits."""
    z = mpf(gap) / mpf(sd)
    pdf, cdf = exp(-z * z / 2) / sqrt(2 * pi), erfc(-z / sqrt(2)) / 2
    ei = mpf(sd) * (z * cdf + pdf)
    if abs(z) < 6:
        integral = quad(lambda u: (gap + sd * u) * exp(-u * u / 2) / sqrt(2 * pi), [-z, 0, 12] if z > 0 else [-z, -z + 12])
        assert abs(integral - ei) < mpf(10) ** -20
    return {"gap": gap, "sd": sd, "ei": float(ei), "log_ei": float(log(ei)), "pi": float(cdf)}


def main():
    rng = random.Random(20260101)
    gp = []
    for kernel in ("rbf", "matern_32", "matern_52"):
        for n, observations, ard, input_noise in ((2, 8, False, False), (3, 25, False, False), (5, 20, True, False), (10, 12, True, True)):
            gp.append(case(rng, kernel, n, observations, ard, input_noise, rng.choice([0.0, 0.4]), rng.choice([0.003, 0.05])))
    gaps = [(-30.0, 1.0), (-26.0, 1.0), (-24.0, 1.0), (-9.0, 1.0), (-3.0, 0.7), (-0.1, 0.2), (0.0, 1.0), (0.3, 0.05), (2.0, 0.5)]
    print(json.dumps({"gp": gp, "improvement": [improvement(*pair) for pair in gaps]}, indent=0))


main()
