// The parts list of a release (CycloneDX 1.6), from the .deps.json that its host itself reads. Without date and number,
// so that the same release has the same list: node build/parts.mjs out/AuthPortal.deps.json
import { readFileSync } from 'node:fs';

const { libraries } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const components = Object.entries(libraries)
  .filter(([, { type }]) => type === 'package')
  .map(([id, { sha512 }]) => {
    const [name, version] = id.split('/');
    const content = Buffer.from(sha512.replace('sha512-', ''), 'base64').toString('hex');
    return {
      type: 'library', name, version, purl: `pkg:nuget/${name}@${version}`, hashes: [{ alg: 'SHA-512', content }],
    };
  })
  .sort((one, other) => (one.purl < other.purl ? -1 : 1));
const metadata = { component: { type: 'application', name: 'AuthPortal' } };
console.log(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata, components }, null, 2));
