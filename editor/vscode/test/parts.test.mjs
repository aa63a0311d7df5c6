// The parts of the extension that know nothing of VS Code.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import test from "node:test";
import esbuild from "esbuild";

async function part(name) {
  const built = await esbuild.build({
    entryPoints: [fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].contents).toString("base64")}`);
}

const { findProgram } = await part("program");
const { withoutTypes } = await part("colors");
const { matches, nameOf, pictureAt, picturesOf } = await part("pictures");

function found(wanted, files, searchPath = "/usr/bin:/opt/bin") {
  const machine = { isExecutable: (file) => files.includes(file), searchPath, home: "/home/ada" };
  return findProgram({ setting: "", folders: [], trusted: true, ...wanted }, machine);
}

test("the program is the one on the PATH, else the workspace's", () => {
  assert.deepEqual(found({ folders: ["/work"] }, ["/opt/bin/circuit", "/work/circuit"]), { file: "/opt/bin/circuit" });
  assert.deepEqual(found({ folders: ["/a", "/work"] }, ["/work/circuit"]), { file: "/work/circuit" });
  assert.deepEqual(found({ folders: ["/archive"] }, ["/archive/bin/circuit"]), { file: "/archive/bin/circuit" });
  assert.match(found({ folders: ["/work"] }, []).missing, /not found on the PATH or in the workspace/);
  assert.match(found({}, []).missing, /not found on the PATH\.$/);
});

test("a workspace that is not trusted gives no program", () => {
  assert.match(found({ folders: ["/work"], trusted: false }, ["/work/circuit"]).missing, /not trusted/);
  assert.match(found({ setting: "bin/circuit", folders: ["/work"], trusted: false }, ["/work/bin/circuit"]).missing, /not trusted/);
  assert.deepEqual(found({ folders: ["/work"], trusted: false }, ["/usr/bin/circuit", "/work/circuit"]), { file: "/usr/bin/circuit" });
});

test("a relative entry of the PATH is passed over: it would be the workspace's", () => {
  assert.ok(found({ folders: [] }, ["circuit", "./circuit", "bin/circuit"], ".:bin::").missing);
});

test("the setting is a file, a folder that holds it, or an unpacked archive", () => {
  const both = ["/opt/bin/circuit", "/opt/circuitscript/bin/circuit", "/home/ada/bin/circuit", "/work/circuit"];
  assert.deepEqual(found({ setting: "/opt/circuitscript/bin/circuit" }, both), { file: "/opt/circuitscript/bin/circuit" });
  assert.deepEqual(found({ setting: "/opt/circuitscript" }, both), { file: "/opt/circuitscript/bin/circuit" });
  assert.deepEqual(found({ setting: " ~/bin " }, both), { file: "/home/ada/bin/circuit" });
  assert.deepEqual(found({ setting: "./circuit", folders: ["/work"] }, both), { file: "/work/circuit" });
  assert.match(found({ setting: "/nowhere" }, both).missing, /circuitscript\.path.*`\/nowhere`/);
  assert.match(found({ setting: "circuit" }, both).missing, /no folder is open/);
});

test("the pictures of a script, in its order", () => {
  const script = [
    "load demo",
    'plot "scores.svg"  # render "no.png"',
    'for n in [1, 2] { greedy n; render "circuit-{n}.png" labels=true }',
    'let drawn = render "a {{b}} \\"c\\".svg"',
    'print "render \\"not.svg\\""',
    'plot rows x=size y=f "grid.png"',
    'report "run.html"; save "circuit.json"',
  ].join("\n");
  assert.deepEqual(picturesOf(script), [
    { line: 1, name: "scores.svg" },
    { line: 2, name: "circuit-*.png" },
    { line: 3, name: 'a {b} "c".svg' },
    { line: 5, name: "grid.png" },
    { line: 6, name: "run.html" },
  ]);
  assert.equal(pictureAt(script, 1).name, "scores.svg");
  assert.equal(pictureAt(script, 0).name, "run.html");
  assert.equal(pictureAt("load demo", 0), undefined);
});

test("a name with holes stands for the files that it can have been", () => {
  assert.ok(matches(nameOf("m{layer}-{x:.3}.svg"), "m3-0.125.svg"));
  assert.ok(!matches(nameOf("m{layer}.svg"), "m3.svg.bak"));
  assert.ok(!matches(nameOf("a.svg"), "abcsvg"));
});

test("tokens are taken out without moving the others", () => {
  const types = ["keyword", "variable", "number"];
  // let a = 1 + b; on the next line: c, then print d
  const data = Uint32Array.of(0, 0, 3, 0, 0, 0, 4, 1, 1, 1, 0, 4, 1, 2, 0, 0, 4, 1, 1, 0, 1, 2, 1, 1, 0, 2, 0, 5, 0, 0, 0, 6, 1, 1, 0);
  const kept = withoutTypes(data, types, ["keyword", "number"]);
  assert.deepEqual([...kept], [0, 4, 1, 1, 1, 0, 8, 1, 1, 0, 1, 2, 1, 1, 0, 2, 6, 1, 1, 0]);
  assert.deepEqual([...withoutTypes(data, types, [])], [...data]);
});
