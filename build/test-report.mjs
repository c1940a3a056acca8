// Reads what a run of the tests left in a folder (results.trx, costs.tsv) and prints what failed and was skipped, and
// last one line that counts: node build/test-report.mjs .data/tests
// With --times it prints instead where the time went, by class and by what the harness did, as two tables.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const [folder, option] = process.argv.slice(2);
const file = join(folder, 'results.trx');
if (!existsSync(file)) {
  console.error(`No test ran: there is no ${file}.`);
  process.exit(1);
}

const decode = (text) => text.replace(/&(lt|gt|quot|apos|amp|#x([0-9A-Fa-f]+));/g, (whole, name, hex) =>
  hex ? String.fromCodePoint(parseInt(hex, 16)) : { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[name]);
const attribute = (tag, name) => decode(tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '');
const inner = (xml, name) => decode(xml.match(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`))?.[1] ?? '');
const seconds = (duration) => duration.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

const xml = readFileSync(file, 'utf8');
const classes = new Map([...xml.matchAll(/<UnitTest [^>]*?id="([^"]+)"[\s\S]*?className="([^"]+)"/g)]
  .map(([, id, name]) => [id, decode(name).replace('AuthPortal.Tests.', '')]));
const results = [...xml.matchAll(/<UnitTestResult ([^>]*?)(\/>|>([\s\S]*?)<\/UnitTestResult>)/g)].map(([, tag, , body]) => ({
  name: attribute(` ${tag}`, 'testName').replace('AuthPortal.Tests.', ''),
  class: classes.get(attribute(` ${tag}`, 'testId')),
  outcome: attribute(` ${tag}`, 'outcome'),
  took: seconds(attribute(` ${tag}`, 'duration') || '0'),
  message: inner(body ?? '', 'Message'),
}));
const of = (outcome) => results.filter((result) => result.outcome === outcome);

function printTimes() {
  const times = xml.match(/<Times [^>]*>/)[0];
  const wall = (new Date(attribute(times, 'finish')) - new Date(attribute(times, 'start'))) / 1000;
  const own = results.reduce((sum, result) => sum + result.took, 0);
  console.log(`${results.length} cases in ${wall.toFixed(0)} s; the sum of their own times is ${own.toFixed(0)} s.\n`);
  const rows = [...new Set(results.map((result) => result.class))].map((name) => {
    const cases = results.filter((result) => result.class === name);
    return [name, cases.length, cases.reduce((sum, one) => sum + one.took, 0)];
  });
  console.log('| class | cases | own time |\n|---|---|---|');
  rows.sort((one, other) => other[2] - one[2]).slice(0, 40).forEach(([name, count, took]) =>
    console.log(`| ${name} | ${count} | ${took.toFixed(1)} s |`));
  console.log('\n| what the harness did | times | sum of its durations |\n|---|---|---|');
  readFileSync(join(folder, 'costs.tsv'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'))
    .forEach(([what, times, took]) => console.log(`| ${what} | ${times} | ${took} |`));
}

function filesBelow(path) {
  return existsSync(path) ? readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !(entry.parentPath ?? entry.path).includes('/blame/_')).map((entry) => relative('.', join(entry.parentPath ?? entry.path, entry.name))) : [];
}

/** The tests that were running when the run was ended, as the collector of dumps noted them. */
const hung = () => filesBelow(join(folder, 'blame')).filter((path) => path.includes('Sequence_')).flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/<Test [^>]*Completed="False"[^>]*>/g)].map(([tag]) => attribute(tag, 'DisplayName')));

function printSummary() {
  const [failed, skipped] = [of('Failed'), of('NotExecuted')];
  const kept = [...filesBelow(join(folder, 'blame')), ...(failed.length > 0 ? filesBelow('.data/browser') : [])];
  if (failed.length > 0) console.log('\nWhat failed:');
  for (const { name, message } of failed) console.log(`  ${name}\n${message.trim().replace(/^/gm, '      ')}`);
  if (kept.length > 0) console.log(`\nTo look at:\n${kept.map((path) => `  ${path}`).join('\n')}`);
  if (skipped.length > 0) {
    const names = skipped.map(({ name }) => name.split('.').at(-1)).join(', ');
    console.log(`\nSkipped for want of Chromium (apt-get install chromium-headless-shell): ${skipped.length}: ${names}`);
  }

  for (const name of hung()) console.log(`\nDid not end: ${name}`);
  if (results.length === 0) console.log('\nNo test ran to its end. Does ONLY name a class? Else see above what hung.');
  console.log(`${of('Passed').length} passed, ${failed.length} failed, ${skipped.length} skipped`);
}

if (option === '--times') printTimes();
else printSummary();
if (results.length === 0) process.exitCode = 1;
