"""The same campaign with scikit-learn: the Gaussian process is fitted anew, hyper-parameters fixed, after every measurement."""
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

import numpy_loop as common


def run(seed):
    rng = np.random.default_rng(seed)
    library, pool = rng.dirichlet([1.0] * 3, 1800), rng.dirichlet([1.0] * 3, common.POOL)
    centres, amplitudes = rng.dirichlet([1.0] * 3, common.GAUSSIANS), rng.uniform(-1, 1, common.GAUSSIANS)
    sample = common.response(rng.dirichlet([1.0] * 3, common.SCALE_SAMPLE), centres, amplitudes)
    truth = (common.response(library, centres, amplitudes) - sample.min()) / (sample.max() - sample.min())
    kernel = ConstantKernel(common.PRIOR_SD**2, "fixed") * RBF(common.LENGTH, "fixed")
    weights = np.diff(np.exp(-18 * (1 - np.arange(common.POOL + 1) / common.POOL)))
    chosen = list(rng.permutation(18)[: common.SEEDS])
    # Regions are opened on a schedule, 18 particles every 9 measurements, as the rule does on average.
    for iteration in range(common.ITERATIONS + 1):
        model = GaussianProcessRegressor(kernel, alpha=common.NOISE_SD**2, optimizer=None)
        model.fit(library[chosen], truth[chosen])
        # No state is kept between fits, so all points are asked for in one call: library, pool, mapped candidates.
        candidates = library[: 18 * (1 + iteration // 9)]
        means, sds = model.predict(np.concatenate([library, pool, candidates]), return_std=True)
        mean, sd, pool_sd, candidate_sd = means[:1800], sds[:1800], sds[1800:3800], sds[3800:]
        gain = np.sort(pool_sd) @ weights
        assert gain > 0
        candidate_sd[[i for i in chosen if i < len(candidate_sd)]] = -1
        chosen.append(int(np.argmax(candidate_sd)))
    return {"mean_sd": float(sd.mean()), "mean_abs_error": float(np.abs(mean - truth).mean())}
