"use strict";

// Tabs are kept under a name of their own, apart from other GraphiQL pages on the same address.
const storage = GraphiQL.createLocalStorage({ namespace: "sociograph" });

async function start() {
  const answer = await fetch("/graphiql/examples.json");
  const defaultTabs = answer.ok ? await answer.json() : undefined;
  const firstVisit = storage.getItem("graphiql:tabState") === null;
  const page = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    defaultTabs,
    // GraphiQL fills the first tab's query by itself, its variables only when they are given here.
    variables: firstVisit ? defaultTabs?.[0]?.variables : undefined,
    defaultEditorToolsVisibility: "variables",
    storage,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
}

start();
