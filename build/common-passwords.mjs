// Makes AuthPortal/Passwords/CommonPasswords.txt: the common passwords that the rule of eight characters lets through,
// in NFKC and lower case, sorted, one a line. Run it from anywhere: node build/common-passwords.mjs
//
// The data is "passwords-common" of the npm package @zxcvbn-ts/language-common, MIT licence,
// copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc., copyright (c) 2021 @zxcvbn-ts. It stands most common first.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const source = '@zxcvbn-ts/language-common@4.1.3';
const shortest = 8;
const most = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'common-passwords-'));
try {
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', source],
    { stdio: 'inherit' });
  const { dictionary } = createRequire(join(folder, 'from.js'))('@zxcvbn-ts/language-common');
  const passwords = dictionary['passwords-common']
    .map((password) => password.normalize('NFKC').toLowerCase())
    .filter((password) => [...password].length >= shortest);
  const list = [...new Set(passwords)].slice(0, most).sort();
  writeFileSync(new URL('../AuthPortal/Passwords/CommonPasswords.txt', import.meta.url), list.join('\n') + '\n');
  console.log(`${list.length} common passwords from ${source}`);
} finally {
  rmSync(folder, { recursive: true });
}
