/**
 * What the demo's Worker has in the local stack, where it has the port, beside the bindings that it is deployed with. Deployed it is on the
 * Internet: there it must reach neither operators' calls nor Workflow instances.
 */
export const LOCAL_BINDINGS = {
  services: [
    { binding: "CONSOLE", service: "eventhub-console" },
    // For the ticker: deployed, executor and hub have their crons.
    { binding: "EXECUTOR", service: "eventhub-executor" },
    { binding: "OPERATOR", service: "eventhub-hub", entrypoint: "Operator" },
  ],
  // For the janitor.
  workflows: [
    { binding: "DISPATCH", name: "eventhub-dispatch", class_name: "Dispatch", script_name: "eventhub-executor" },
  ],
};
