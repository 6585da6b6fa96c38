/** Where a window was on a display, in the display's own pixels. */
export interface WindowPlace {
  /** As it is when it is neither maximised nor full screen. */
  readonly bounds: Rectangle;
  readonly maximised: boolean;
  readonly fullScreen: boolean;
  /** Chromium's zoom level: 0 is the size as designed, each step a factor of 1.2. */
  readonly zoom: number;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DisplayArea {
  readonly id: string;
  /** Without what the system keeps for itself: menu bar, dock, task bar. */
  readonly workArea: Rectangle;
}

export interface KeptPlaces {
  /** Display of the last close. */
  readonly last: string | null;
  readonly displays: Readonly<Record<string, WindowPlace>>;
}

export const NO_PLACES: KeptPlaces = { last: null, displays: {} };
export const SMALLEST = { width: 720, height: 480 };
const FIRST = { width: 1440, height: 900 };
const MOST_DISPLAYS = 16;

/**
 * Where a window opens: as it was on the display of the last close, else (that display is gone, or this is a first start) as
 * it was on the primary one, else in the first size in its middle. Never outside what can be seen.
 */
export function placeWindow(kept: KeptPlaces, displays: readonly DisplayArea[], primary: DisplayArea): WindowPlace {
  const display = displays.find(({ id }) => id === kept.last) ?? primary;
  const place = kept.displays[display.id];
  if (place !== undefined) return { ...place, bounds: inside(place.bounds, display.workArea) };
  const { workArea } = display;
  const width = Math.min(FIRST.width, workArea.width);
  const height = Math.min(FIRST.height, workArea.height);
  const x = workArea.x + Math.floor((workArea.width - width) / 2);
  const y = workArea.y + Math.floor((workArea.height - height) / 2);
  return { bounds: { x, y, width, height }, maximised: false, fullScreen: false, zoom: 0 };
}

export function keepPlace(kept: KeptPlaces, display: string, place: WindowPlace): KeptPlaces {
  const others = Object.entries(kept.displays).filter(([id]) => id !== display);
  // Projectors come and go: the displays that were used last are enough.
  return { last: display, displays: Object.fromEntries([...others.slice(1 - MOST_DISPLAYS), [display, place]]) };
}

/** Null for what is of no form that this version knows. */
export function readPlaces(text: string): KeptPlaces | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || value['format'] !== 1 || !isObject(value['displays'])) return null;
  const { last, displays } = value;
  const places = Object.entries(displays).filter((entry): entry is [string, WindowPlace] => isPlace(entry[1]));
  return { last: typeof last === 'string' ? last : null, displays: Object.fromEntries(places) };
}

export function writePlaces({ last, displays }: KeptPlaces): string {
  return `${JSON.stringify({ format: 1, last, displays }, null, 2)}\n`;
}

/** As large as it was where that fits, and moved no further than needed. */
function inside(bounds: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(Math.max(bounds.width, SMALLEST.width), area.width);
  const height = Math.min(Math.max(bounds.height, SMALLEST.height), area.height);
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

function isPlace(value: unknown): value is WindowPlace {
  if (!isObject(value)) return false;
  const { bounds, maximised, fullScreen, zoom } = value;
  return (
    isObject(bounds) &&
    ['x', 'y', 'width', 'height'].every((side) => Number.isInteger(bounds[side])) &&
    typeof maximised === 'boolean' &&
    typeof fullScreen === 'boolean' &&
    typeof zoom === 'number' &&
    Math.abs(zoom) <= 10
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
