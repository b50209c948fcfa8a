// Prints what every audit of the package graphql-http says of the URL that is given: a JSON list of [id, name, status, reason].
const { serverAudits } = require("graphql-http");

async function main() {
  const audits = serverAudits({ url: process.argv[2] });
  const results = await Promise.all(audits.map(({ fn }) => fn()));
  console.log(JSON.stringify(results.map((r) => [r.id, r.name, r.status, r.reason || ""])));
}

main();
