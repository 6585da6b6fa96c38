// The list of parts of a release (CycloneDX): release/dipper-VERSION.cdx.json. npm's own lists all that is installed to build
// with; this one lists what ships, with the sums of the lock file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLicences } from './licences.mjs';
import { projectFolder } from './set-up.mjs';

/** Answers the path of what it wrote. `electronVersion`: of the runtime that is packed, where that is not npm's. */
export function writeSbom(folder, electronVersion) {
  const { name, version, license } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'));
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': `${name}@${version}`, name, version, licenses: licencesOf(license) },
    },
    components: readLicences().map((part) => componentOf(part, lock, electronVersion)),
  };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${version}.cdx.json`);
  writeFileSync(path, `${JSON.stringify(sbom, null, 2)}\n`);
  return path;
}

function componentOf({ name, version: installed, licence }, lock, electronVersion) {
  const isOtherElectron = name === 'electron' && electronVersion !== undefined && electronVersion !== installed;
  const version = isOtherElectron ? electronVersion : installed;
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const integrity = isOtherElectron ? undefined : integrityOf(lock, name, version);
  return {
    type: name === 'electron' ? 'framework' : 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: licencesOf(licence),
    ...(integrity === undefined ? {} : { hashes: [hashOf(integrity)] }),
  };
}

function integrityOf(lock, name, version) {
  const entry = Object.entries(lock.packages).find(
    ([path, each]) => path.endsWith(`node_modules/${name}`) && each.version === version,
  );
  return entry?.[1].integrity;
}

function hashOf(integrity) {
  const [algorithm, sum] = integrity.split('-', 2);
  return { alg: algorithm.toUpperCase().replace('SHA', 'SHA-'), content: Buffer.from(sum, 'base64').toString('hex') };
}

/** One licence has an id of SPDX; what joins several is an expression. */
function licencesOf(licence) {
  return [/ (?:AND|OR|WITH) /.test(licence) ? { expression: licence } : { license: { id: licence } }];
}
