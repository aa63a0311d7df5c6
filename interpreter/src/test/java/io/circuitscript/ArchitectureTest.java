package io.circuitscript;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which package may know what. */
final class ArchitectureTest {
    private static final String ROOT = "io.circuitscript.";

    /** From the ground up: a package uses only packages before it. */
    private static final List<String> FLOORS = List.of(
            "source",
            "io",
            "io.table",
            "syntax",
            "graph",
            "model.natives",
            "model.gguf",
            "model",
            "model.tokenizer",
            "model.hub",
            "model.locate",
            "engine.torch",
            "engine.positions",
            "engine",
            "engine.masks",
            "engine.longtext",
            "task",
            "analysis.statistics",
            "analysis",
            "analysis.methods",
            "analysis.circuits",
            "render",
            "runtime.value",
            "runtime.files",
            "runtime.functions",
            "runtime.evaluate",
            "runtime.metric",
            "runtime.state",
            "runtime.statements",
            "runtime.help",
            "runtime",
            "assist",
            "cli.console",
            "cli.reproduce",
            "cli.cluster",
            "cli.each",
            "cli.prompt",
            "cli.repl",
            "cli.doctor",
            "cli");

    /** More classes that all need one another cannot be read one after the other. */
    private static final int LARGEST_CIRCLE = 4;

    private static final int MOST_FILES = 50;
    private static final int MOST_FILES_OF_THE_RUNTIME = 30;

    /** In {@code ai.djl..} and {@code org.apache.parquet} one class of ours lies too, where the library has what it does not publish. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.circuitscript");

    @TestFactory
    Stream<DynamicTest> everyPackageUsesOnlyPackagesBelowIt() {
        return FLOORS.stream()
                .map(floor -> test(
                        floor,
                        classes()
                                .that()
                                .resideInAPackage(ROOT + floor)
                                .should()
                                .onlyDependOnClassesThat(are(notOurs().or(resideInAnyPackage(upTo(floor)))))));
    }

    @Test
    void everyPackageHasAFloor() {
        TreeSet<String> packages = CLASSES.stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.startsWith(ROOT) && !name.equals(ROOT + "grammar"))
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(FLOORS), packages);
    }

    /** The page for who changes the program has a row for each package, in this order. */
    @Test
    void theArchitecturePageNamesEveryPackage() throws IOException {
        String page = Files.readString(Path.of("../ARCHITECTURE.md"));
        List<String> rows = Pattern.compile("^\\| `([a-z.]+)` \\|", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertEquals(FLOORS, rows);
    }

    @Test
    void noCircleOfClassesIsLarge() {
        List<Set<String>> large = ClassCircles.of(CLASSES).stream()
                .filter(circle -> circle.size() > LARGEST_CIRCLE)
                .toList();
        assertEquals(List.of(), large);
    }

    @TestFactory
    Stream<DynamicTest> noPackageHasTooManyFiles() {
        Map<String, Long> files = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && type.getPackageName().startsWith(ROOT))
                .collect(Collectors.groupingBy(
                        type -> type.getPackageName().substring(ROOT.length()), TreeMap::new, Collectors.counting()));
        return FLOORS.stream()
                .filter(floor -> !floor.equals("runtime.statements"))
                .map(floor -> DynamicTest.dynamicTest(floor, () -> {
                    int most = floor.startsWith("runtime") ? MOST_FILES_OF_THE_RUNTIME : MOST_FILES;
                    assertTrue(files.get(floor) <= most, floor + " has " + files.get(floor) + " files");
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatAPackageMustNotKnow() {
        return Stream.of(
                neverIn("io", ours("syntax"), ours("model")),
                neverIn("graph", ours("syntax")),
                neverIn("model", ours("syntax")),
                neverIn("engine", ours("syntax")),
                neverIn("task", ours("syntax")),
                neverIn("analysis", ours("syntax")),
                neverIn("render", ours("syntax"), ours("engine"), ours("task"), ours("analysis")));
    }

    @TestFactory
    Stream<DynamicTest> whoMayTouchALibrary() {
        return Stream.of(
                onlyIn("org.antlr..", "io.circuitscript.grammar..", ours("syntax")),
                onlyIn("io.circuitscript.grammar..", "io.circuitscript.grammar..", ours("syntax")),
                onlyIn("ai.djl..", ours("model"), ours("engine"), ours("task"), ours("analysis")),
                onlyIn("ai.djl.huggingface..", ours("model")),
                onlyIn("ai.djl.pytorch..", ours("engine")),
                onlyIn(
                        "com.fasterxml.jackson..",
                        ours("io.table"),
                        ours("graph"),
                        ours("model"),
                        ours("engine.torch"),
                        ours("cli")),
                onlyIn("de.siegmar.fastcsv..", ours("io.table")),
                onlyIn("org.snakeyaml..", ours("model.hub")),
                onlyIn("io.airlift..", ours("io.table")),
                onlyIn("org.apache.parquet..", ours("io.table")),
                onlyIn("guru.nidi..", ours("render")),
                onlyIn("org.jline..", "io.circuitscript.cli.repl.."),
                onlyIn("picocli..", ours("cli")));
    }

    @Test
    void onlyTheCommandPrintsAndExits() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage(ours("cli"))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace");
        rule.check(CLASSES);
    }

    /** Digits, and the case of an i, are others in some locales. */
    @Test
    void nothingDependsOnTheMachinesLocale() {
        ArchRule rule = noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase");
        rule.check(CLASSES);
    }

    private static DynamicTest neverIn(String floor, String... packages) {
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage(ours(floor))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
        return test(floor + " knows nothing of " + String.join(", ", packages), rule);
    }

    /** Also proves that somebody uses the library at all: a rule about nothing holds always. */
    private static DynamicTest onlyIn(String library, String... packages) {
        ArchRule outside = noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
        return DynamicTest.dynamicTest(library, () -> {
            outside.check(CLASSES);
            boolean used = CLASSES.stream()
                    .filter(resideInAnyPackage(packages))
                    .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                    .anyMatch(dependency -> resideInAPackage(library).test(dependency.getTargetClass()));
            if (!used) throw new AssertionError("nothing uses " + library + " any more: take the rule away");
        });
    }

    private static DynamicTest test(String name, ArchRule rule) {
        return DynamicTest.dynamicTest(name, () -> rule.check(CLASSES));
    }

    private static String ours(String floor) {
        return ROOT + floor + "..";
    }

    private static String[] upTo(String floor) {
        Stream<String> grammar = floor.equals("syntax") ? Stream.of("io.circuitscript.grammar..") : Stream.empty();
        Stream<String> floors =
                FLOORS.subList(0, FLOORS.indexOf(floor) + 1).stream().map(lower -> ROOT + lower);
        return Stream.concat(floors, grammar).toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> notOurs() {
        return DescribedPredicate.not(resideInAPackage("io.circuitscript.."));
    }
}
