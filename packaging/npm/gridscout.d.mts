// Types of gridscout.mjs. Importing it defines <grid-scout>.

export type Form = "interactive" | "presentation" | "report" | "minimal";
export type Theme = "auto" | "light" | "dark";

/** Settings by their paths, such as `{ "stop.iterations": 40 }`. */
export type Params = Record<string, unknown>;

/** What was wrong with something asked for. */
export interface Fault {
  field: string;
  value: string;
  allowed: string;
  /** All of it in a sentence. */
  message: string;
}

/** Where an element stands; enough to come back to. */
export interface State {
  version: 1;
  /** `null` for a saved configuration that `src` named. */
  preset: string | null;
  seed: number | null;
  params: Params;
  src: string | null;
  ui: Form;
  theme: Theme;
  /** In view; 0 is the state after the seeds. */
  iteration: number;
  running: boolean;
  /** Why the campaign ended; `null` before. */
  ended: string | null;
  /** SHA-256 of the record, in hexadecimal, when it has ended. */
  digest: string | null;
}

/** What came of a campaign. */
export interface Result {
  digest: string;
  ended: string;
  iteration: number;
  /** The numbers as `gridscout simulate --json` prints them. */
  summary: Record<string, unknown>;
  state: State;
}

/** The latest entry of the record. */
export interface Step {
  iteration: number;
  /** Instrument time. */
  time_secs: number;
  cost: number;
  mean_sd: number;
  mean_abs_error: number;
}

export interface GridScoutEvents {
  "gridscout-ready": CustomEvent<{ engine: string; state: State }>;
  "gridscout-step": CustomEvent<Step>;
  "gridscout-end": CustomEvent<Result>;
  "gridscout-error": CustomEvent<{ errors: Fault[] }>;
  "gridscout-state": CustomEvent<State>;
}

/** With those that every element has. */
export interface GridScoutEventMap extends HTMLElementEventMap, GridScoutEvents {}

export class GridScout extends HTMLElement {
  /** Attributes. What cannot be used is named by a `gridscout-error` event, and the nearest that can is shown. */
  get preset(): string | null;
  set preset(id: string | null);
  get seed(): string | null;
  set seed(seed: number | string | null);
  get params(): string | null;
  set params(params: Params | string | null);
  /** Address of a saved record or state (of which preset, seed, params and iteration are taken) in JSON; comes before `preset`. It is read without cookies, for up to 60 s; messages to an iframe cannot set another. */
  get src(): string | null;
  set src(address: string | null);
  get ui(): string | null;
  set ui(form: Form | null);
  get theme(): string | null;
  set theme(theme: Theme | null);
  /** Iterations per second, or "top". */
  get speed(): string | null;
  set speed(speed: number | "top" | null);
  /** Set later, it runs at once. */
  get autoplay(): boolean;
  set autoplay(run: boolean);
  get loading(): string | null;
  set loading(when: "eager" | "lazy" | null);
  /** Address of a picture that is shown until the campaign is. */
  get poster(): string | null;
  set poster(address: string | null);

  /** Resolves when a campaign is shown; asking for it begins to load one that is lazy. */
  readonly ready: Promise<State>;
  readonly iteration: number;
  readonly digest: string | null;
  readonly result: Result | null;

  /**
   * Resolves when it has ended or was paused. This and all that follow reject when the element is in no page, when it is taken from it
   * before they are done, when nothing can be computed, and when the campaign breaks off.
   */
  run(): Promise<State>;
  pause(): Promise<State>;
  /** So many iterations more; 1 unless told. */
  step(count?: number): Promise<State>;
  /** Look at an iteration; what was not measured yet is measured first, as far as no pause comes. */
  seek(iteration: number): Promise<State>;
  /** Back to the state after the seeds. */
  reset(): Promise<State>;
  /** `null` while the element is in no page. */
  getState(): State | null;
  /** What is missing stays as it is. Rejects, and changes nothing, when the state cannot be read. */
  setState(state: Partial<State>): Promise<State>;
  /** Grid, composition and curves as shown, in one picture 180 mm wide at 300 dpi; the grid alone, 88 mm wide, where `ui` is "minimal". */
  exportPNG(): Promise<Blob>;
  /** The same picture as shapes. Both say in their metadata which version, preset, seed and settings they come from. */
  exportSVG(): Promise<string>;
  /** The curve as a table, one row an iteration. */
  exportCSV(): Promise<string>;

  addEventListener<K extends keyof GridScoutEventMap>(type: K, listener: (this: GridScout, event: GridScoutEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof GridScoutEventMap>(type: K, listener: (this: GridScout, event: GridScoutEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** What a notebook's front end calls (anywidget). */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, run: () => void): void;
  off(event: string, run: () => void): void;
}

declare const widget: { render(context: { model: Model; el: HTMLElement }): () => void };
export default widget;

declare global {
  interface HTMLElementTagNameMap {
    "grid-scout": GridScout;
  }
  // The events bubble: whatever holds the element hears them.
  interface HTMLElementEventMap extends GridScoutEvents {}
  interface DocumentEventMap extends GridScoutEvents {}
  interface WindowEventMap extends GridScoutEvents {}
}
