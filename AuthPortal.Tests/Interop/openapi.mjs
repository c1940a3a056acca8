// Judges the API's document by the schema of its OpenAPI version: node openapi.mjs http://localhost:5080
import { Validator } from "@seriousme/openapi-schema-validator";

const response = await fetch(`${process.argv[2]}/openapi/v1.json`);
const validator = new Validator();
const { valid, errors } = await validator.validate(await response.json());
if (!valid || validator.version !== "3.1") {
  console.error(`OpenAPI ${validator.version}:`, JSON.stringify(errors, null, 2));
  process.exit(1);
}
console.log(`Valid OpenAPI ${validator.version}.`);
