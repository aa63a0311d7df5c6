package io.circuitscript.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Which package may know what. */
final class ClusterArchitectureTest {
    private static final String ROOT = "io.circuitscript.cluster";
    private static final ImportOption NO_TESTS = new ImportOption.DoNotIncludeTests();

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(NO_TESTS).importPackages(ROOT);

    /** The program is built, and runs, without this module and without Spark. */
    @Test
    void nothingBelowKnowsSparkOrThisModule() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "..", "org.apache.spark..", "scala..", "org.apache.hadoop..")
                .check(new ClassFileImporter().withImportOption(NO_TESTS).importPackages("io.circuitscript"));
    }

    @Test
    void nothingHereKnowsHowTheLanguageIsWritten() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.circuitscript.syntax..", "io.circuitscript.render..", "io.circuitscript.assist..")
                .check(CLASSES);
    }

    @Test
    void nothingPrintsAndNothingDependsOnTheMachinesLocale() {
        ArchRule rule = noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
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
}
