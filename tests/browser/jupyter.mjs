// JupyterLab for a test: a server of its own over a folder with one notebook, or one that already runs.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const TOKEN = "gridscout";

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** @param {string[]} cells code */
const notebook = (cells) => JSON.stringify({
  cells: cells.map((source, i) => ({ id: `cell-${i}`, cell_type: "code", execution_count: null, metadata: {}, outputs: [], source })),
  metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } }, nbformat: 4, nbformat_minor: 5,
});

/** A notebook in a JupyterLab that runs already. @param {string} address with its token @param {string[]} cells */
async function running(address, cells) {
  const { origin, pathname, searchParams } = new URL(address);
  const [base, token] = [origin + pathname.replace(/\/(lab.*)?$/, ""), searchParams.get("token") ?? ""];
  const content = { type: "notebook", format: "json", content: JSON.parse(notebook(cells)) };
  const contents = (method, body) => fetch(`${base}/api/contents/gridscout-test.ipynb`, { method, body, headers: { authorization: `token ${token}` } });
  const answer = await contents("PUT", JSON.stringify(content));
  if (!answer.ok) throw new Error(`${base} did not take a notebook: ${answer.status} ${await answer.text()}`);
  return { url: `${base}/lab/tree/gridscout-test.ipynb?token=${token}&reset`, close: () => contents("DELETE") };
}

/** The notebook's address, once the server answers. @param {string} where a Python that has jupyterlab and the wheel, or the address of a JupyterLab @param {string[]} cells */
export async function lab(where, cells) {
  return /^https?:/.test(where) ? running(where, cells) : started(where, cells);
}

/** @param {string} python @param {string[]} cells */
async function started(python, cells) {
  const folder = await mkdtemp(path.join(tmpdir(), "gridscout-lab-"));
  const port = await freePort();
  await writeFile(path.join(folder, "scout.ipynb"), notebook(cells));
  // Nothing of the user's own Jupyter is read or written.
  const own = Object.fromEntries(["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR"].map((name) => [name, path.join(folder, `.${name.toLowerCase()}`)]));
  const child = spawn(python, ["-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`, "--ServerApp.port_retries=0", `--IdentityProvider.token=${TOKEN}`, `--ServerApp.root_dir=${folder}`, "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"], { env: { ...process.env, ...own }, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => { log = (log + text).slice(-4000); });
  const base = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + 60_000; ;) {
    const answered = await fetch(`${base}/api?token=${TOKEN}`).then((answer) => answer.ok, () => false);
    if (answered) break;
    if (child.exitCode !== null || Date.now() > until) throw new Error(`JupyterLab did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    url: `${base}/lab/tree/scout.ipynb?token=${TOKEN}&reset`,
    async close() {
      child.kill("SIGINT");
      const hard = setTimeout(() => child.kill("SIGKILL"), 5000);
      if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
      clearTimeout(hard);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
