// Writes the sandbox's sample records: one JSON line an object, gzip. From the vega-datasets package (BSD-3-Clause; see its
// README for the sources of each set), whose errors are kept: they give people something to mend. The same input gives the
// same file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const bucket = 'samples';
const dataFolder = fileURLToPath(new URL('../node_modules/vega-datasets/data', import.meta.url));

export async function writeSampleData(path) {
  const objects = [...movies(), ...cars(), ...airports(), ...penguins()];
  const lines = objects.map((object) => JSON.stringify({ bucket, ...object }));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}

function* movies() {
  for (const [at, row] of readJson('movies.json').entries()) {
    const id = numbered('movie', at, 4);
    const released = isoDate(row['Release Date']);
    // The title 1776 is a number in the data; so it stays.
    const record = {
      title: row.Title,
      genre: row['Major Genre'],
      rating: row['IMDB Rating'],
      votes: row['IMDB Votes'],
      released,
      gross: row['Worldwide Gross'],
      budget: row['Production Budget'],
      mpaa: row['MPAA Rating'],
      runtime: row['Running Time min'],
      crew: row.Director === null ? null : { director: row.Director, distributor: row.Distributor },
      source: row.Source,
      style: row['Creative Type'],
      critics: row['Rotten Tomatoes Rating'],
    };
    // The data has a column for every film and few values in it; here the field is there where its value is.
    if (row['US DVD Sales'] !== null) record.dvd_sales = row['US DVD Sales'];
    const year = Number(released.slice(0, 4));
    yield {
      key: `movies/${id}.json`,
      body: JSON.stringify(record),
      ...(row['IMDB Votes'] === null ? {} : { tags: { reviewed: row['IMDB Votes'] >= 10_000 ? 'yes' : 'no' } }),
      ...(row.Source === 'Remake' ? { metadata: { checked: 'twice' } } : {}),
      ...(year >= 2010 ? { cacheControl: 'max-age=86400' } : {}),
      ...(year < 1990 ? { storageClass: 'GLACIER_IR' } : {}),
      ...(year >= 1990 && year < 1995 ? { storageClass: 'STANDARD_IA' } : {}),
    };
  }
}

function* cars() {
  for (const [at, row] of readJson('cars.json').entries()) {
    yield {
      key: `cars/${numbered('car', at, 3)}.json`,
      // Printed over several lines, as people write JSON by hand.
      body: `${JSON.stringify(
        {
          name: row.Name,
          origin: row.Origin,
          year: Number(row.Year.slice(0, 4)),
          cylinders: row.Cylinders,
          horsepower: row.Horsepower,
          miles_per_gallon: row.Miles_per_Gallon,
          displacement: row.Displacement,
          weight: row.Weight_in_lbs,
          acceleration: row.Acceleration,
        },
        null,
        2,
      )}\n`,
      ...(row.Origin === 'USA' ? {} : { tags: { import: 'yes', market: row.Origin } }),
    };
  }
}

function* airports() {
  for (const row of readCsv('airports.csv')) {
    yield {
      key: `airports/${row.iata}.json`,
      body: JSON.stringify({
        iata: row.iata,
        name: row.name,
        // The data says NA where it knows no city or state.
        city: row.city === 'NA' ? null : row.city,
        state: row.state === 'NA' ? null : row.state,
        country: row.country,
        location: { latitude: Number(row.latitude), longitude: Number(row.longitude) },
      }),
      // Two are archived: reading them is refused until they are restored, as S3 does.
      ...(['Thailand', 'Palau'].includes(row.country) ? { storageClass: 'DEEP_ARCHIVE' } : {}),
      ...(row.state === 'AK' ? { tags: { region: 'Alaska' } } : {}),
    };
  }
}

/** As dataknobs-data 0.11 writes records: fields with their types, times in the metadata, Python's JSON. */
function* penguins() {
  const start = Date.UTC(2026, 9, 2, 9, 0, 0);
  for (const [at, row] of readJson('penguins.json').entries()) {
    const id = numbered('penguin', at, 3);
    const fields = [
      field('species', 'string', row.Species),
      field('island', 'string', row.Island),
      field('beak_length', 'float', row['Beak Length (mm)']),
      field('beak_depth', 'float', row['Beak Depth (mm)']),
      field('flipper_length', 'integer', row['Flipper Length (mm)']),
      field('body_mass', 'integer', row['Body Mass (g)']),
      field('sex', 'string', row.Sex),
    ];
    const time = new Date(start + at * 61_000).toISOString().replace('.000Z', '+00:00');
    const metadata = { id, created_at: time, updated_at: time, station: 'Palmer' };
    yield {
      key: `penguins/${id}.json`,
      body: `{"fields": {${fields.join(', ')}}, "id": "${id}", "metadata": ${pythonJson(metadata)}}`,
      ...(row.Sex === null ? { tags: { sexed: 'no' } } : {}),
    };
  }
}

/** Python writes a float with its point, and dataknobs gives null the type of a string. */
function field(name, type, value) {
  const text = type === 'float' && Number.isInteger(value) ? value.toFixed(1) : pythonJson(value);
  return `"${name}": {"name": "${name}", "value": ${text}, "type": "${value === null ? 'string' : type}", "metadata": {}}`;
}

/** json.dumps of a flat value: blanks after separators, ASCII only. */
function pythonJson(value) {
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).map(([name, member]) => `${pythonJson(name)}: ${pythonJson(member)}`);
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `Jun 12 1998`; its time zone is nobody's. */
function isoDate(text) {
  const [month, day, year] = text.split(' ');
  const number = 'JanFebMarAprMayJunJulAugSepOctNovDec'.indexOf(month) / 3 + 1;
  return `${year}-${String(number).padStart(2, '0')}-${day}`;
}

function numbered(name, at, digits) {
  return `${name}-${String(at + 1).padStart(digits, '0')}`;
}

function readJson(name) {
  return JSON.parse(readFileSync(join(dataFolder, name), 'utf8'));
}

function readCsv(name) {
  const [header, ...rows] = readFileSync(join(dataFolder, name), 'utf8').trimEnd().split(/\r?\n/).map(splitRow);
  return rows.map((row) => Object.fromEntries(header.map((column, at) => [column, row[at]])));
}

function splitRow(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare : quoted.replaceAll('""', '"'),
  );
}
