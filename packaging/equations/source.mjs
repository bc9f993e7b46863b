// The equations of the paper and of the surrogate, as TeX: what each is called, how it is read aloud, what it says.
// No bracket
// has to grow: without a mathematical font a browser cannot stretch it. `cargo dev equations` typesets them into
// www/equations/typeset.js. A name that is a number is the paper's.
const C = String.raw;

/** @type {Record<string, { title: string, tex: string | string[], aloud: string, says: string }>} */
export const equations = {
  1: {
    title: "Particles of a grid",
    tex: C`\mathrm{E}[N]=\frac{A_\mathrm{c}}{\pi\,(\mu^2+\sigma^2)}`,
    aloud: "E of N equals A c over pi times mu squared plus sigma squared",
    says: "Area that is covered, over the mean area of one particle: its radius has mean μ and standard deviation σ.",
  },
  2: {
    title: "Closing the composition",
    tex: C`c_k=1-\sum_{i\ne k}c_i,\qquad k=\operatorname*{arg\,max}_i\,\sigma_i`,
    aloud: "c k equals one minus the sum of the other c i, k being the element with the greatest sigma",
    says: "The element that is known worst takes what is left to a sum of 1.",
  },
  3: {
    title: "Its uncertainty",
    tex: C`\sigma_k^2=\sigma_\mathrm{tot}^2=\sum_{i\ne k}\sigma_i^2`,
    aloud: "sigma k squared equals sigma total squared, the sum of the squares of the other sigmas",
    says: "It inherits the uncertainties of all the others.",
  },
  4: {
    title: "Which particle",
    tex: C`s(c)=\frac{a(c)}{C_\mathrm{move}}`,
    aloud: "score s equals a of c over C move",
    says: "What measuring a particle is worth, over what getting to it costs. Among the particles that are mapped and not measured the greatest is next.",
  },
  5: {
    title: "Time of a move",
    tex: [C`t_\mathrm{move}=t_\mathrm{bs}\quad\text{within the region}`, C`t_\mathrm{move}=t_0+d/v\quad\text{to another one}`],
    aloud: "t move of d is t b s within the region, else t zero plus d over v",
    says: "Shifting the beam takes t_bs. Moving the stage over a distance d at speed v takes d/v more than t_0: realignment t_ma, the beam shift, and what a new region needs.",
  },
  6: {
    title: "Cost of getting there",
    tex: [C`C_\mathrm{move}=C_\mathrm{intra}\quad\text{within the region}`, C`C_\mathrm{move}=\alpha\,(t_0+d/v)\quad\text{to another one}`],
    aloud: "C move equals C intra within the region, else alpha times t zero plus d over v",
    says: "Shifting the beam is cheap; moving the stage takes time, and α turns seconds into cost.",
  },
  9: {
    title: "Worth of staying",
    tex: [C`V_\mathrm{stay}=R\cdot G`, C`R=1-\frac{N_\mathrm{meas}}{N_\mathrm{tot}},\quad G=\max_i\,a(c_i)`],
    aloud: "V stay equals R times G; R is one minus N measured over N total, G the greatest a of c i",
    says: "The share of the region that is not measured (eq 7), times the best value left in it (eq 8).",
  },
  11: {
    title: "Particles in a new region",
    tex: C`N\sim\mathrm{Poisson}(\lambda),\qquad\lambda=\rho A`,
    aloud: "N is Poisson distributed with mean lambda, which is rho times A",
    says: "Their density ρ is that of the regions seen so far, A the area of a region.",
  },
  12: {
    title: "Their compositions",
    tex: C`c_j\sim p(c)=\mathrm{Dirichlet}(\alpha_1,\dots,\alpha_n)`,
    aloud: "c j is drawn from p of c, a Dirichlet distribution",
    says: "With every α_i = 1 all compositions are equally likely.",
  },
  13: {
    title: "Worth of a new region",
    tex: [C`E_\mathrm{gain}=\mathrm{E}\,[\,\max_{j\le N}a(c_j)\,]`, C`E_\mathrm{gain}=\sum_{k=1}^{M}a_k\,[\,p_k-p_{k-1}\,]`, C`p_k=e^{-\lambda(1-k/M)}`],
    aloud: "E gain is the expected greatest value among N particles; over a sorted pool of M values it is a sum in closed form",
    says: "The best of as many particles as a new region is expected to hold; exact over a pool of M compositions in ascending order of a.",
  },
  14: {
    title: "Novelty",
    tex: C`n(c)=1-e^{-d(c,\,C_\mathrm{seen})/d_0}`,
    aloud: "n of c equals one minus e to the minus d over d zero",
    says: "d is the distance to the nearest composition that was measured.",
  },
  15: {
    title: "Value with novelty",
    tex: C`\tilde a(c)=a(c)\,(1+\lambda_\mathrm{nov}\,n(c))`,
    aloud: "a tilde of c equals a of c times one plus lambda nov times n of c",
    says: "What a new region may hold counts for more the less it resembles what was measured. At λ_nov = 0 it does not matter.",
  },
  16: {
    title: "Price of moving",
    tex: [C`C_\mathrm{switch}=\frac{t_\mathrm{switch}}{t_\mathrm{meas}}\cdot V_\mathrm{stay}`, C`t_\mathrm{switch}=t_\mathrm{EDX}+t_\mathrm{ov}+t_\mathrm{ma}+\frac{d}{v}`],
    aloud: "C switch equals t switch over t meas, times V stay; t switch is t EDX plus t o v plus t m a plus d over v",
    says: "The spectra that could have been taken here while the stage moved, the column was retuned and the new region mapped. t_ov is the overview image before the map.",
  },
  17: {
    title: "Stay or move",
    tex: C`V_\mathrm{switch}=E_\mathrm{gain}-C_\mathrm{switch}>0`,
    aloud: "V switch equals E gain minus C switch; move when it is above zero",
    says: "The stage moves when a new region promises more than the move costs, or when nothing is left here.",
  },
  marginal: {
    title: "Marginal value",
    tex: [
      C`\frac{\max g}{t'}<\max_m\frac{\mathrm{E}\,[g_{(1)}+\dots+g_{(m)}]}{t_\mathrm{switch}+m\,t'}`,
      C`t'=t_\mathrm{bs}+t_\mathrm{meas}`,
      C`g(c)=\frac{\operatorname{mean}_q\mathrm{cov}(c,q)^2}{\mathrm{var}(c)+\sigma_\mathrm{n}^2}`,
    ],
    aloud: "Move when the greatest g over t prime, which is t b s plus t meas, is less than the best average rate of a new region",
    says: "Not the paper's: move when the best gain per second here falls below the best average rate of a new region. g is how far a measurement lowers the variance, averaged over compositions q.",
  },
  posterior: {
    title: "What is believed of the property",
    tex: [C`\mu(c)=m+k^{\top}(K+\sigma_\mathrm{n}^2I)^{-1}(y-m)`, C`\sigma^2(c)=k(c,c)-k^{\top}(K+\sigma_\mathrm{n}^2I)^{-1}k`],
    aloud: "posterior mean and variance of a Gaussian process",
    says: "Mean and variance of an exact Gaussian process: y are the values measured, m the prior mean, k the covariances of c with the compositions measured, K those among them, σ_n the noise.",
  },
  kernel: {
    title: "How far one measurement reaches",
    tex: [C`k(c,c')=s^2\,e^{-r^2/2}`, C`r^2=\sum_i(c_i-c'_i)^2/\ell_i^2`],
    aloud: "k of c and c prime equals s squared times e to the minus r squared over two",
    says: "The squared exponential; Matérn kernels replace the last factor by (1 + √5 r + 5r²/3) e^(−√5 r) and (1 + √3 r) e^(−√3 r). s is the prior sd, ℓ the length scale.",
  },
  likelihood: {
    title: "How well hyper-parameters fit",
    tex: [C`2\ln p(y)=-z^{\top}A^{-1}z-\ln\det A-N\ln2\pi`, C`A=K+\sigma_\mathrm{n}^2I,\quad z=y-m`],
    aloud: "log marginal likelihood of the measured values",
    says: "Maximum likelihood chooses length scale, prior sd and noise so that this is greatest.",
  },
  sd: {
    title: "Posterior standard deviation",
    tex: C`a(c)=\sigma(c)`,
    aloud: "a of c equals sigma of c",
    says: "Measure where least is known; the paper's choice.",
  },
  improvement: {
    title: "Improvement over the best",
    tex: [C`\mathrm{EI}=\sigma\,(z\,\Phi(z)+\varphi(z)),\quad\mathrm{PI}=\Phi(z)`, C`z=\frac{\mu-y_\mathrm{best}-\xi}{\sigma}`],
    aloud: "expected improvement and probability of improvement",
    says: "Expected size, or probability, of an improvement of more than ξ over the best value measured.",
  },
  bound: {
    title: "Confidence bound and level set",
    tex: [C`\mathrm{UCB}=\mu+\beta\,\sigma`, C`\mathrm{straddle}=\beta\,\sigma-\lvert\mu-h\rvert`],
    aloud: "upper confidence bound and straddle",
    says: "Look where the property may be high; or where it crosses the level h.",
  },
  response: {
    title: "The hidden property",
    tex: C`f(c)=\sum_{k=1}^{K}A_k\,e^{-\lvert c-c_k\rvert^2/2\sigma^2}`,
    aloud: "f of c is a sum of K Gaussians of amplitude A k and width sigma",
    says: "What the simulated microscope measures and the planner does not know; then scaled as the normalisation says.",
  },
  scores: {
    title: "How much is known",
    tex: [C`\text{mean sd}=\frac1P\sum_{p=1}^{P}\sigma(c_p)`, C`\text{mean error}=\frac1P\sum_{p=1}^{P}\lvert\mu(c_p)-f(c_p)\rvert`],
    aloud: "mean sd and mean absolute error over the P particles of the library",
    says: "Over every particle of the library, measured or not. The error needs the true property, which only a simulation has.",
  },
  size: {
    title: "Size of the library",
    tex: C`\mathrm{E}[N]=\rho\,W H`,
    aloud: "expected number of particles equals rho times width times height",
    says: "Expected number of particles on the area the stage can reach.",
  },
  simplex: {
    title: "Composition space",
    tex: [C`c=(c_1,\dots,c_n)`, C`c_i\ge0,\quad\sum_{i=1}^{n}c_i=1`],
    aloud: "a composition has n fractions, none negative, with sum one",
    says: "n elements give a simplex of n − 1 dimensions: a triangle for three, a tetrahedron for four.",
  },
};
