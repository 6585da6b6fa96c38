import { expect, test } from 'vitest';
import {
  keepPlace,
  NO_PLACES,
  placeWindow,
  readPlaces,
  writePlaces,
  type WindowPlace,
} from '../../../electron/desktop/window-place.ts';

const laptop = { id: '1', workArea: { x: 0, y: 25, width: 1280, height: 775 } };
const wall = { id: '2', workArea: { x: 1280, y: 0, width: 2560, height: 1400 } };

const onWall: WindowPlace = {
  bounds: { x: 1500, y: 200, width: 1600, height: 1000 },
  maximised: true,
  fullScreen: false,
  zoom: 1,
};
const onLaptop: WindowPlace = {
  bounds: { x: 40, y: 60, width: 900, height: 600 },
  maximised: false,
  fullScreen: false,
  zoom: -0.5,
};

const opened = (bounds: WindowPlace['bounds']) =>
  placeWindow(keepPlace(NO_PLACES, '1', { ...onLaptop, bounds }), [laptop], laptop).bounds;

test('a first window is as large as designed, or as the display, and in its middle', () => {
  const on = (primary: typeof wall) => placeWindow(NO_PLACES, [laptop, wall], primary).bounds;
  expect([on(wall), on(laptop)]).toEqual([
    { x: 1840, y: 250, width: 1440, height: 900 },
    { x: 0, y: 25, width: 1280, height: 775 },
  ]);
});

test('a window opens as it was on the display of the last close, and as it was on the other once that is gone', () => {
  const kept = readPlaces(writePlaces(keepPlace(keepPlace(NO_PLACES, '1', onLaptop), '2', onWall)));
  if (kept === null) throw new Error('what was written cannot be read');
  expect([placeWindow(kept, [laptop, wall], laptop), placeWindow(kept, [laptop], laptop)]).toEqual([onWall, onLaptop]);
});

test('a window that would be out of sight is brought back, no further than needed', () => {
  expect([
    opened({ x: -3000, y: 900, width: 900, height: 600 }),
    opened({ x: 100, y: 0, width: 5000, height: 300 }),
    opened({ x: 700, y: 30, width: 900, height: 600 }),
  ]).toEqual([
    { x: 0, y: 200, width: 900, height: 600 },
    { x: 0, y: 25, width: 1280, height: 480 },
    { x: 380, y: 30, width: 900, height: 600 },
  ]);
});

test.each(['no JSON', '[]', '{"format":2,"last":"1","displays":{}}', '{"format":1,"last":"1","displays":[]}'])(
  'a file of another form is left alone: %s',
  (text) => {
    expect(readPlaces(text)).toBeNull();
  },
);

test('a display whose place makes no sense is forgotten, the others are not', () => {
  const text = JSON.stringify({ format: 1, last: '1', displays: { 1: { ...onLaptop, zoom: 'large' }, 2: onWall } });
  expect(readPlaces(text)).toEqual({ last: '1', displays: { 2: onWall } });
});

test('of many displays the ones used last are kept', () => {
  const kept = Array.from({ length: 20 }, (_, at) => String(at + 100)).reduce(
    (places, display) => keepPlace(places, display, onLaptop),
    keepPlace(NO_PLACES, '99', onWall),
  );
  expect(Object.keys(kept.displays)).toEqual(Array.from({ length: 16 }, (_, at) => String(at + 104)));
});
