// @ts-check
// The emergency stop: a connection of its own from the page itself, so that it works while the planner's Worker hangs.

/** Wait before connecting again, ms. */
const AGAIN_MS = 1000;
/** Time between two looks whether the line still carries anything, ms. */
const LOOK_MS = 2000;
/** A pressed stop that is not answered in this time is not on its way, ms. */
const ANSWER_MS = 1000;

/** @param {(ready: boolean) => void} onReady @param {(text: string) => void} onAnswer */
export function createStop(onReady, onAnswer) {
  /** @type {WebSocket | null} */
  let socket = null;
  let ready = false;
  let wanted = "";
  let pending = false;
  /** Looks that were not answered. */
  let silent = 0;
  const set = (/** @type {boolean} */ now) => { ready = now; onReady(now); };

  const connect = () => {
    if (!wanted || socket) return;
    const mine = new WebSocket(address(), "gridscout.v1");
    socket = mine;
    mine.onopen = () => send("hello", { protocol: "gridscout.v1", secret: wanted, role: "observer" });
    mine.onmessage = ({ data }) => {
      if (typeof data !== "string") return;
      const { id, result, error } = JSON.parse(data);
      silent = 0;
      if (id === "hello") {
        set(Boolean(result));
        if (result && pending) press();
      }
      if (id === "estop") {
        pending = false;
        onAnswer(result ? "The gateway has stopped the instrument." : `The gateway refused: ${error?.message}`);
      }
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = null;
      set(false);
      setTimeout(connect, AGAIN_MS);
    };
  };

  // A line that nobody answers on is down, whatever the socket says.
  setInterval(() => {
    if (!ready) return;
    silent += 1;
    if (silent > 2) drop();
    else send("ping", { n: 0 });
  }, LOOK_MS);

  /** Without waiting for the other side, which may be gone. */
  const drop = () => {
    const dead = socket;
    socket = null;
    silent = 0;
    set(false);
    dead?.close();
    setTimeout(connect, AGAIN_MS);
  };

  /** @param {string} method @param {any} params */
  const send = (method, params) => socket?.send(JSON.stringify({ jsonrpc: "2.0", id: method, method, params }));

  const press = () => {
    if (!wanted) return onAnswer("There is no session: nothing is sent. Use the instrument's own stop now.");
    pending = true;
    if (ready) {
      send("estop", {});
      setTimeout(() => {
        if (!pending || !ready) return;
        onAnswer("No answer from the gateway: use the instrument's own stop now. It is sent again as soon as the gateway answers.");
        drop();
      }, ANSWER_MS);
    } else onAnswer("Not connected: the stop is sent as soon as the gateway answers. Use the instrument's own stop now.");
  };

  return {
    /** @param {string} secret of the session; "" closes */
    arm(secret) {
      if (secret === wanted) return;
      wanted = secret;
      if (pending && !secret) onAnswer("The session is not known any more, and the stop was not sent. Use the instrument's own stop now.");
      pending &&= secret !== "";
      socket?.close();
      socket = null;
      set(false);
      connect();
    },
    press,
  };
}

/** Of the WebSocket of the gateway that served this page. */
export function address() {
  const here = new URL("ws", location.href);
  here.protocol = here.protocol === "https:" ? "wss:" : "ws:";
  here.search = "";
  here.hash = "";
  return here.href;
}
