// @ts-check
// The emergency stop: a connection of its own from the page itself, so that it works while the planner's Worker hangs.

/** Wait before connecting again, ms. */
const AGAIN_MS = 1000;

/** @param {(ready: boolean) => void} onReady @param {(text: string) => void} onAnswer */
export function createStop(onReady, onAnswer) {
  /** @type {WebSocket | null} */
  let socket = null;
  let ready = false;
  let wanted = "";
  let pending = false;
  const set = (/** @type {boolean} */ now) => { ready = now; onReady(now); };

  const connect = () => {
    if (!wanted) return;
    const mine = new WebSocket(address(), "gridscout.v1");
    socket = mine;
    mine.onopen = () => send("hello", { protocol: "gridscout.v1", secret: wanted, role: "observer" });
    mine.onmessage = ({ data }) => {
      if (typeof data !== "string") return;
      const { id, result, error } = JSON.parse(data);
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

  /** @param {string} method @param {any} params */
  const send = (method, params) => socket?.send(JSON.stringify({ jsonrpc: "2.0", id: method, method, params }));

  const press = () => {
    pending = true;
    if (ready) send("estop", {});
    else onAnswer("Not connected: the stop is sent as soon as the gateway answers. Use the instrument's own stop now.");
  };

  return {
    /** @param {string} secret of the session; "" closes */
    arm(secret) {
      if (secret === wanted) return;
      wanted = secret;
      pending = false;
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
