package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found before anything is loaded, and what is let pass. */
class CheckerTest {
    private static final String READY = "load demo\ndata \"pairs.csv\"\nattribute\n";

    @TempDir
    Path folder;

    @BeforeEach
    void writePairs() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "clean,corrupted,start_year\nThe year 17,The year 17,3\n");
    }

    /** As Tab offers them: an order that changes from process to process would be no order. */
    @Test
    void namesOfCircuitsAreSorted() {
        Facts facts = new Facts(new ScriptFiles(folder, folder, Set.of()), Settings.DEFAULT);
        for (String name : List.of("second", "late", "first", "early", "third")) facts.addCircuit(name);
        assertEquals(
                List.of("early", "first", "late", "second", "third"),
                List.copyOf(facts.copy().circuits()));
    }

    private CheckFindings check(String script, Map<String, String> parameters) {
        Facts facts = new Facts(new ScriptFiles(folder, folder, Set.of()), Settings.DEFAULT);
        return CheckFindings.of(
                Parser.parse(new Source("test", script)),
                new Statements(Map.of(), folder),
                parameters,
                Scope.global(),
                facts);
    }

    private List<Diagnostic> diagnostics(String script) {
        return check(script, Map.of()).diagnostics();
    }

    private List<String> found(String script) {
        return diagnostics(script).stream()
                .map(d -> d.span().line() + ":" + d.span().column() + " "
                        + d.code().word())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "attribute igs=5 | unknown-option | `attribute` has no option `igs` | did you mean ig=? its options are method=, ig=, threshold=, by=, graddrop=, attention=, sparsity=, steps=, rate=, lambda=, with=, over=, level=, on=",
                "attribute ig=1000000000000 | wrong-value | `ig` takes a whole number from 1 to 10000, not 1000000000000 |",
                "data \"pairs.csv\" limit=1000000000000 | wrong-value | `limit` takes a whole number from 1 to 2147483647, not 1000000000000 | limit=: how many rows to take",
                "greedy forty | unknown-name | there is no variable `forty` | `greedy` takes a number of edges, or a percentage of them, as in greedy 400",
                "greedy -3 | wrong-value | `greedy` takes a whole number of edges from 0 to 479, or 0% to 100% of them, not -3 | as in greedy 400",
                "expect foo > 1 | unknown-name | there is no variable `foo` | a variable is set by `let foo = …`",
                "expect foo.faithfulness > 1 | unknown-name | there is no variable `foo` | `let` gives a result a name: let foo = evaluate",
                "ablate blocks.3.mlp->logits | unknown-name | there is no variable `blocks`, and no such node | did you mean the node m3?",
                "ablate something->logits | unknown-name | there is no variable `something` | nodes are input, m3, a0.h1 and logits; patterns of them m*, a0.h* and a*.h1",
                "ablate a3.* -> logits | unknown-name | there is no variable `a3`, and no such node | did you mean the node a3.h*?",
                "ablate a3.h0..h3 | unknown-name | `h3` is not a node | write a3.h0..a3.h3",
                "ablate m3-logits | unknown-name | there is no variable `m3-logits` | an edge is written m3->logits",
                "evaluate on=\"mine.csv\" | wrong-value | `on` is one of train, test, all, not mine.csv |",
                "set memory=0 | wrong-value | `memory` takes a size such as 2GB, not 0 |",
                "attribute ig=0 | wrong-value | `ig` takes a whole number from 1 to 10000, not 0 | ig=: how many steps the gradients are integrated over, with method=eap-ig or eap-ig-activations; default 5",
                "attribute ig=2.5 | wrong-value | `ig` takes a whole number from 1 to 10000, not 2.5 |",
                "attribute ig=\"a\" | wrong-value | `ig` takes a whole number from 1 to 10000, not \"a\" |",
                "attribute method=epa | wrong-value | `method` is one of eap-ig, eap, eap-ig-activations, clean-corrupted, exact, information-flow-routes, acdc, atp*, relp, edge-pruning, ugs, not epa | did you mean method=eap?",
                "attribute method=clean-corrupted ig=3 | wrong-value | the method clean-corrupted has no option ig | ig= goes with method=eap-ig or eap-ig-activations",
                "attribute method=eap ig=3 | wrong-value | the method eap has no option ig | ig= goes with method=eap-ig or eap-ig-activations",
                "attribute ig=1 ig=2 | repeated-option | the option `ig=` is given twice |",
                "evaluate on=test | too-early | `on=test` needs data with a part for testing, and there is none yet | split it when you take it: data \"pairs.csv\" split=80%, or task ioi split=80%",
                "greedy | missing-argument | `greedy` needs a number of edges, or a percentage of them: how many edges, nodes or neurons | as in greedy 400",
                "greedy 99999 | too-many-edges | 99999 edges are asked for, and the model has 479 | give a number up to 479, or a percentage: 5%",
                "greedy 0.05 | wrong-value | `greedy` takes a whole number of edges from 0 to 479, or 0% to 100% of them, not 0.05 | a share of the edges is written with a percent sign: 5%",
                "greedy 200% | wrong-value | `greedy` takes a whole number of edges from 0 to 479, or 0% to 100% of them, not 200% |",
                "top 5 abs=maybe | unknown-name | there is no variable `maybe` | `abs` takes true or false",
                "top 5 abs | extra-argument | `abs` is an option of `top` and needs a value | as in abs=true",
                "predict \"a\" \"b\" | extra-argument | `predict` takes one word, and this is one too many | options are written key=value: top=",
                "ablate m9->logits | unknown-node | m9 is not in this model: it has 4 layers, m0 … m3 | the nearest that exists: m3",
                "ablate m3->m1 | impossible-edge | m3->m1 is not a valid edge: m3 comes after m1 | the nearest that exist: m1->m3, m0->m1, input->m1",
                "circuit c { m3->m1 } | impossible-edge | m3->m1 is not a valid edge: m3 comes after m1 | the nearest that exist: m1->m3, m0->m1, input->m1",
                "data \"pears.csv\" | missing-file | there is no file pears.csv | did you mean pairs.csv?",
                "render \"x.gif\" | unknown-format | the name x.gif does not say what kind of picture it is | end its name in .png, .svg, .dot or .pdf",
                "save \"x.csv\" | unknown-format | a circuit is saved as JSON or as PyTorch's tensors, and the name x.csv does not say which | end its name in .json or .pt",
                "save \"pairs.csv\" | would-overwrite | the script reads pairs.csv, and writing it would destroy it |",
                "use manual | unknown-circuit | there is no circuit `manual` | none is named yet: `keep NAME` names the current one",
                "metric logitdiff | unknown-metric | there is no metric `logitdiff` | did you mean logit_diff? metrics are prob_diff, logit_diff, logprob_diff, answer_logprob, normalized_logit_diff, accuracy, kl",
                "metric logit_diff | metric-missing-column | the metric logit_diff reads a column correct, which pairs.csv does not have |",
                "set memory=lots | wrong-value | `memory` takes a size such as 2GB, not \"lots\" |",
                "set memory=63MB | wrong-value | `memory` is too little for a batch | write at least 64MB, with its unit; by default a batch may take an eighth of the device's memory",
                "set memory=2 | wrong-value | `memory` is too little for a batch | write at least 64MB, with its unit; by default a batch may take an eighth of the device's memory",
                "load demo dtype=bfloat | wrong-value | `dtype` is one of float32, float64, bfloat16, float16, not bfloat | did you mean dtype=bfloat16?",
                "set batch=2 thread=1 | unknown-option | `set` has no option `thread` | did you mean threads=? its options are device=, dtype=, memory=, threads=, batch=, models=",
                "load demo device=gpu | unknown-device | there is no kind of device gpu | devices are auto, cpu, cuda, and cuda:1 for the second GPU",
                "metric m(start_yaer) = logit(start_yaer) | metric-missing-column | the metric m reads a column start_yaer, which pairs.csv does not have | did you mean start_year?",
                "metric m(start_year) = prb(start_year) | unknown-function | there is no function `prb` | did you mean prob?",
                "metric m() = prob([\"a\", \"b\"]) | wrong-type | a metric is a number for each example, and this is a vector | make it one number with sum, mean, min or max, or take an item: p[0]",
                "metric m(start_year) = start_year * 2 | constant-metric | the metric does not depend on the model: this is a number | read a run with logit(t), prob(t), logprob(t) or kl(clean)",
                "metric m() = sum(logit(\" a\")) | wrong-type | `sum` takes a vector, or several numbers, and this is a number | a list of tokens gives a vector: prob([\"a\", \"b\"])",
                "metric m() = logit(\" a\")[0] | wrong-type | only a vector has items by number, and this is a number |",
                "metric m() = q where p = logit(\" a\") | unknown-name | there is no variable `q` |",
                "metric m(x, x) = logit(x) | repeated-name | the metric has two parts named `x` |",
                "metric m() = cleen.prob(\" a\") | unknown-run | there is no run `cleen.prob` | write clean.prob(…) or corrupted.prob(…)",
                "metric m() = kl(current) | unknown-run | `kl` takes a run: clean or corrupted | write kl(clean)",
                "metric m() = logit(true) | wrong-type | tokens are expected here, and this is a truth value |",
                "metric m() = logit(\" a\", \" b\") | wrong-arguments | `logit` takes one token, or one list of tokens |",
                "metric m() = logit(\" a\") and true | not-in-a-metric | `and` cannot be used on the output of a run |",
                "metric m() = round(logit(\" a\")) | not-in-a-metric | `round` cannot be used on the output of a run |",
                "metric m() = prob([\" a\"])[logit(\" b\")] | wrong-type | an item's number may depend only on the row, not on the output of a run |",
                "metric m() = logit(\" a\") + \" b\" | wrong-type | a metric calculates with numbers, and this is text |",
                "task grater-than | unknown-task | there is no task `grater-than` | did you mean greater-than? tasks are greater-than, ioi, gender, sva, capitals, hypernymy",
                "data generate { clean = \"a\" } | data-missing-column | generated data needs a column corrupted |",
                "data generate { clean = \"a\"; corrupted = 5 } | wrong-type | the column corrupted holds a text, and this is a number |",
                "data generate { clean = \"a\"; clean = \"b\"; corrupted = \"a\" } | repeated-name | there are two columns named `clean` |",
                "data generate counts=3 { clean = \"a\"; corrupted = \"b\" } | unknown-option | `data generate` has no option `counts` | did you mean count=? its options are count=, seed=, split=",
                "data generate { x = choose([]); clean = \"a\"; corrupted = \"b\" } | empty-list | there is nothing to choose from: the list is empty |",
                "data generate { clean = \"a\"; corrupted = \"b\"; where 5 } | wrong-type | `where` takes a truth value, and this is a number |",
                "print choose(1, 2) | unknown-function | `choose` is for the rows of `data generate { … }` | take an item of a list: list[0]",
                "import \"library\" | missing-file | there is no file library.circuit |",
                "import 5 | wrong-type | `import` takes a file's name in quotes, not a number | as in import \"lib\"",
                "import \"std/things\" | missing-file | the standard library has no std/things | it has std/metrics, std/tasks, std/gpt2-greater-than, std/gpt2-ioi, std/planted",
                "data \"pairs.csv\" split=80 | wrong-value | `split` takes a share between 0% and 100% | as in split=80%: 80% of the rows are for training, the others for testing",
                "load demo; sweep sizes=[1%] | too-early | `sweep` needs scores, and there are none yet | `attribute` makes scores, `open` reads them from a file: one of them must come first",
                "sweep sizes=[] | wrong-value | the list of sizes is empty | a size is a count, or, with % or a decimal point, a share of all: sizes=[40, 1%, .05]",
                "sweep sizes=[1, 2.5] | wrong-value | 2.5 is not a size of a circuit |",
                "sweep sizes=[120%] | wrong-value | 120% is not a size of a circuit |",
                "sweep sizes=[480] | too-many-edges | 480 edges are asked for, and the model has 479 | give numbers up to 479, or percentages: 5%",
                "sweep sizes=[\"a\"] | wrong-type | a size is a number, not \"a\" |",
                "sweep by=threshold | wrong-value | `by` is one of greedy, top, not threshold |",
                "load demo; plot \"x.svg\" | too-early | `plot` needs something to draw, and there is none yet | `sweep` gives curves, `attribute` scores: one of them must come first",
                "plot \"x.gif\" | unknown-format | the name x.gif does not say what kind of picture it is | end its name in .svg or .png",
                "keep manual; compare manul | unknown-circuit | there is no circuit `manul` | did you mean manual?",
                "print naive | unknown-name | there is no variable `naive` | text is written in quotes: \"naive\"",
                "let r = evaluat | unknown-name | there is no variable `evaluat` | did you mean the statement evaluate?",
                "print (evaluate).faithfulnes | unknown-field | the result of evaluate has no field `faithfulnes` |",
                "print (evaluate) + 1 | wrong-type | `+` does not go with the result of evaluate and a number | name one of its fields, as r.metric",
                "for x in 5 { full } | wrong-type | `for` goes through a list or a set, and this is a number | write a range: 1..10",
            })
    void findsOneMistakeAndSaysTheWayOut(String statement, String code, String message, String help) {
        List<Diagnostic> found = diagnostics(READY + statement);
        assertEquals(1, found.size(), found::toString);
        assertEquals(code, found.getFirst().code().word());
        assertEquals(message, found.getFirst().message());
        if (help != null) assertEquals(help, found.getFirst().help());
    }

    @Test
    void everyWordThatBeginsAStatementIsDeclared() {
        Statements statements = new Statements(Map.of(), folder);
        for (String word : Words.VALUE_STATEMENTS) {
            assertTrue(word.equals("circuit") || statements.find(word).isPresent(), word);
        }
        for (Declaration declaration : statements.declarations()) {
            assertTrue(Words.STATEMENTS.contains(declaration.word().split(" ")[0]), declaration.word());
        }
    }

    @Test
    void everyExampleOfADeclarationPasses() {
        for (Declaration declaration : new Statements(Map.of(), folder).declarations()) {
            if (declaration.example().contains("\"circuit.json\"")) continue;
            String script = READY + "circuit manual { m* -> logits }\nkeep found\n"
                    + declaration.example().replace("400", "40");
            assertEquals(List.of(), found(script), declaration.word());
        }
    }

    @Test
    void threeMistakesAreThree() {
        String script = """
                load demo
                data "pairs.csv"
                atribute ig=30
                greedy 40 absolute=true
                ablate m7->logits
                """;
        assertEquals(List.of("3:1 unknown-statement", "4:11 unknown-option", "5:8 unknown-node"), found(script));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "evaluate | `evaluate` needs a model, and there is none yet | `load` one first: load demo",
                "load demo; evaluate | `evaluate` needs data, and there is none yet | read some first: data \"pairs.csv\", or take a task: task ioi",
                "load demo; greedy 40 | `greedy` needs scores, and there are none yet"
                        + " | `attribute` makes scores, `open` reads them from a file: one of them must come first",
                "data \"pairs.csv\" | `data` needs a model, and there is none yet | `load` one first: load demo",
                "let low = {m0, m1} | a node needs a model, and there is none yet | `load` one first: load demo",
                "load demo; data \"pairs.csv\"; attribute; load demo; top 4 | `top` needs scores, and there are none yet |",
            })
    void whatComesTooEarlySaysWhatMustComeFirst(String script, String message, String help) {
        List<Diagnostic> found = diagnostics(script.replace(";", "\n"));
        assertEquals(1, found.size(), found::toString);
        assertEquals(ErrorCode.TOO_EARLY, found.getFirst().code());
        assertEquals(message, found.getFirst().message());
        if (help != null) assertEquals(help, found.getFirst().help());
    }

    @Test
    void eachMissingStatementIsOneMistake() {
        assertEquals(
                List.of("1:1 too-early", "3:1 too-early", "5:1 too-early"),
                found("predict \"a\"\npredict \"b\"\nablate m3->logits\nevaluate\ngreedy 400"));
    }

    @Test
    void loopsOverWhatIsKnownAreFollowed() {
        assertEquals(List.of("2:23 unknown-node"), found("load demo\nfor l in 0..5 { edges \"m{l}\" -> logits }"));
        assertEquals(List.of(), found(READY + "for l in 0..3 { ablate \"m{l}\" -> logits }"));
        assertEquals(List.of("4:29 too-many-edges"), found(READY + "for size in [40, 400] { top size + 100 }"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "let r = evaluate\nif r.faithfulness > 0.5 { greedy 99999 }",
                "let m = load demo\nif m.layers > 10 { ablate m10->logits } else { ablate m3->logits }",
                "param big = false\nif big { let n = 3 }\nif big { print n }",
                "let r = evaluate\nif r.metric > 0 { let found = 1 }\nif r.metric > 0 { print found }",
                "let best = 0\nfor e in (edges top=3).items { if e.score > best { let best = e.score } }\nprint best + 1",
                "for e in (edges top=3).items { ablate e.edge }",
                "def f(x) { print x, later }\nlet later = 3\nf(1)",
                "def f(n) { if n > 0 { f(n - 1) } }\nf(5)",
                "def g(x) { x.faithfulness }\nprint g((evaluate)) > 0.3",
                "let name = \"demo\"\nload name",
                "keep a\nuse a\ncircuit b { a0.h* -> logits }\nuse b\nuse a",
                "save \"kept.json\"\nopen \"kept.json\"\ngreedy 10",
                "save \"kept.json\"\nopen \"kept.json\"\ngreedy 10\nsave \"kept.json\"",
                "let xs = [1, 2]\nfor x in xs { let y = x }\nprint y",
                "if (evaluate).metric > 0.1 { load demo }\nprint len((edges).items)",
                "let n = 5%\ngreedy n",
                "let z = none\nif z != none { print z.metric }",
                "if true { evaluate } else { greedy 99999 }",
                "let x = (load demo).edges\ndata \"pairs.csv\"\nattribute\ngreedy x",
                "for with in [\"patching\", \"zero\"] { evaluate with=with }",
                "load demo bos=none\npredict \"x\"",
            })
    void whatMayBeRightPasses(String script) {
        assertEquals(
                List.of(),
                diagnostics(READY + script).stream()
                        .map(d -> d.code().word() + ": " + d.message())
                        .toList());
    }

    @Test
    void whatIsWrongAnywayIsFoundInABranchThatMayNotRun() {
        assertEquals(
                List.of("5:27 unknown-option"),
                found(READY + "let r = evaluate\nif r.metric > 0.1 { top 5 asb=true }"));
        assertEquals(List.of("4:21 unknown-name"), found(READY + "def f(x) { print x, why }"));
    }

    @Test
    void aNameThatAnUnreadableLineMayDefineIsNoFurtherMistake() {
        assertEquals(List.of("1:12 unfinished"), found("let n = 3 +\nprint n * 2\nprint n"));
        assertEquals(1, diagnostics("load demo\ndata pairs.csv\nbaseline").size());
    }

    @Test
    void aNameThatIsTakenIsOneMistake() {
        assertEquals(List.of("1:5 taken-name"), found("let m3 = 3\nload demo\nedges m3 -> logits"));
    }

    @Test
    void aModelThatIsMissingIsOneMistakeOfItsKind() {
        CheckFindings findings = check("load gpt2-smal\ndata \"pairs.csv\"\nablate m10->logits", Map.of());
        assertEquals(
                List.of(ErrorCode.MODEL_MISSING),
                findings.diagnostics().stream().map(Diagnostic::code).toList());
        assertEquals(66, findings.exitCode());
    }

    @Test
    void parametersOfTheCommandLineAreChecked() {
        assertEquals(0, check("param n = 40\nprint n + 1", Map.of("n", "50")).exitCode());
        assertEquals(
                List.of("-D m: the script has no param of that name"),
                check("param n = 40", Map.of("m", "50")).diagnostics().stream()
                        .map(Diagnostic::message)
                        .toList());
        assertEquals(
                List.of("`n` is a number in the script, and -D gives \"many\""),
                check("param n = 40", Map.of("n", "many")).diagnostics().stream()
                        .map(Diagnostic::message)
                        .toList());
    }
}
