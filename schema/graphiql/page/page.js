"use strict";

// Tabs are kept under a name of their own, apart from other GraphiQL pages on the same address.
const storage = GraphiQL.createLocalStorage({ namespace: "sociograph" });

async function start() {
  const answer = await fetch("/graphiql/examples.json");
  const defaultTabs = answer.ok ? await answer.json() : undefined;
  const page = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    defaultTabs,
    defaultEditorToolsVisibility: "variables",
    storage,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
}

start();
