/** Elements, briefly. Styles come from the style sheet alone: the page allows no inline ones. */

type Child = Node | string | null | undefined;
type Attributes = Record<string, string | number | boolean | ((event: never) => void) | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as EventListener);
    } else {
      element.setAttribute(name === "class_" ? "class" : name, value === true ? "" : String(value));
    }
  }
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

const ICONS: Record<string, string> = {
  undo: "M9 7H5V3M5 7a8 8 0 1 1-1 7",
  redo: "M15 7h4V3M19 7a8 8 0 1 0 1 7",
  export: "M12 3v11m-4-4 4 4 4-4M5 17v3h14v-3",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  brush: "M4 20c3 0 4-1 4-3s2-3 3-2 1 5-4 5zM11 14l8-9 1 1-8 9",
  eraser: "M8 19h12M5 15l8-9 6 6-6 7H8z",
  auto: "M5 19 16 8M14 4l.8 2.2L17 7l-2.2.8L14 10l-.8-2.2L11 7l2.2-.8zM19 11l.5 1.5L21 13l-1.5.5L19 15l-.5-1.5L17 13l1.5-.5z",
  whole: "M4 5h16v14H4z",
  eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  warn: "M12 4 21 20H3zM12 10v4M12 17v.5",
  folder: "M3 6h6l2 2h10v11H3z",
  globe: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  open: "M4 8V5h5l2 2h9v12H4z",
  help: "M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 .9-1 1.7M12 16.5v.5",
};

export function icon(name: keyof typeof ICONS | string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A labelled slider that shows its value. Double-click takes it back. */
export function slider(
  label: string,
  range: { min: number; max: number; step: number; value: number; neutral: number },
  show: (value: number) => string,
  moved: (value: number, settled: boolean) => void,
): { element: HTMLElement; set: (value: number) => void } {
  const shown = h("output", {}, show(range.value));
  const input = h("input", {
    type: "range",
    min: range.min,
    max: range.max,
    step: range.step,
    value: range.value,
    "aria-label": label,
    "aria-valuetext": show(range.value),
  });
  const put = (value: number) => {
    shown.textContent = show(value);
    input.setAttribute("aria-valuetext", show(value));
    input.style.setProperty("--at", `${(100 * (value - range.min)) / (range.max - range.min)}%`);
  };
  put(range.value);
  input.addEventListener("input", () => {
    put(input.valueAsNumber);
    moved(input.valueAsNumber, false);
  });
  input.addEventListener("change", () => moved(input.valueAsNumber, true));
  const element = h("label", { class_: "slider" }, h("span", {}, label), shown, input);
  element.addEventListener("dblclick", (event) => {
    event.preventDefault();
    input.valueAsNumber = range.neutral;
    put(range.neutral);
    moved(range.neutral, true);
  });
  return {
    element,
    set: (value: number) => {
      input.valueAsNumber = value;
      put(value);
    },
  };
}

export function button(
  label: string,
  options: { icon?: string; text?: boolean; class_?: string; title?: string },
  pressed: () => void,
): HTMLButtonElement {
  const element = h("button", {
    type: "button",
    class_: options.class_ ?? (options.text ? "" : "bare"),
    title: options.title ?? label,
    "aria-label": options.text ? undefined : label,
  });
  if (options.icon !== undefined) element.append(icon(options.icon));
  if (options.text) element.append(h("span", {}, label));
  element.addEventListener("click", pressed);
  return element;
}
