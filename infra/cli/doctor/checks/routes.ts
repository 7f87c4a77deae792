import { existsSync } from "node:fs";
import { relative } from "node:path";
import { hasConfiguration, routeModuleOf } from "../../../project/find-route-module.ts";
import { FileFaults, JsonFile } from "../../../project/json-file.ts";
import type { Project } from "../../../project/project.ts";
import type { WranglerFile } from "../../../project/wrangler-file.ts";
import { compileJson } from "../../routes/compile-file.ts";
import { type Finding, fault, note } from "../finding.ts";

/** Whether hub and executor have the same route configuration, and whether it has faults. */
export function checkRoutes({ root, hub, executor }: Project): Finding[] {
  const modules = [hub, executor].flatMap((file) => (file && routeModuleOf(file)) ?? []);
  const paths = [...new Set(modules.map(({ path }) => path))];
  const [first, second] = modules;
  return [
    ...[hub, executor].flatMap((file) => (file === undefined ? [] : unfound(file))),
    ...(first !== undefined && second !== undefined && paths.length > 1
      ? [
          fault(
            second.place,
            `the executor uses ${relative(root, second.path)}, but the hub ${relative(root, first.path)}`,
            "let both import the same file",
          ),
        ]
      : []),
    ...modules.flatMap((module) =>
      existsSync(module.path)
        ? []
        : [fault(module.place, `${module.specifier} does not exist`, "correct the path, or create the file")],
    ),
    ...paths.filter((path) => existsSync(path)).flatMap(faultsOf),
  ];
}

/** Without a module, the variable may contain it. */
function unfound(file: WranglerFile): Finding[] {
  if (routeModuleOf(file) !== undefined || file.main === undefined || !existsSync(file.main)) return [];
  const { vars = {} } = file.config;
  if ("EVENTHUB_ROUTING" in vars) return [];
  if (hasConfiguration(file)) {
    return [
      note(
        file.place(["main"]),
        "its route configuration is not a JSON file that the main module imports, so it was not checked",
        "nothing, if this is intended",
      ),
    ];
  }
  const todo = "import routing.json in the main module, and set it as configuration of each class";
  return [fault(file.place(["main"]), "it has no route configuration", todo)];
}

function faultsOf(path: string): Finding[] {
  try {
    const file = new JsonFile(path);
    compileJson(file);
    if (file.strict) return [];
    return [
      fault(file.place([]), "it has comments or trailing commas, which a JSON module must not have", "remove them"),
    ];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    // The last line only counts them.
    return error.message
      .split("\n")
      .slice(0, -1)
      .map((line) => {
        const [, place = path, what = line] = /^(.*?:\d+:\d+): (.*)$/.exec(line) ?? [];
        return fault(place, what, "correct it; npx cf-eventhub-workflows routes check says more");
      });
  }
}
