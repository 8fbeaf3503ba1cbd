// Asks an endpoint by Comunica: node comunica.mjs ENDPOINT <queries, one JSON string a line, >answers, one JSON a line.
// An answer is {"columns": [...], "rows": [[...]]}, each term by its value; {"boolean": ...}; or {"triples": count}.
import { createInterface } from 'node:readline';
import { QueryEngine } from '@comunica/query-sparql';

const engine = new QueryEngine();
const sources = [{ type: 'sparql', value: process.argv[2] }];

async function rows(result) {
  const { variables } = await result.metadata();
  const names = variables.map(({ variable, value }) => variable?.value ?? value);
  const bindings = await (await result.execute()).toArray();
  return { columns: names, rows: bindings.map((row) => names.map((name) => row.get(name)?.value ?? null)) };
}

async function answer(query) {
  const result = await engine.query(query, { sources });
  if (result.resultType === 'bindings') return rows(result);
  if (result.resultType === 'boolean') return { boolean: await result.execute() };
  return { triples: (await (await result.execute()).toArray()).length };
}

for await (const line of createInterface({ input: process.stdin })) {
  let told;
  try {
    told = await answer(JSON.parse(line));
  } catch (error) {
    told = { error: String(error.message ?? error) };
  }
  console.log(JSON.stringify(told));
}
