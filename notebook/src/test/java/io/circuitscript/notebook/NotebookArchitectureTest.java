package io.circuitscript.notebook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Which package may know what. */
final class NotebookArchitectureTest {
    private static final String ROOT = "io.circuitscript.notebook";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void theProtocolKnowsNothingOfTheLanguage() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".protocol")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT,
                        ROOT + ".display",
                        "io.circuitscript.runtime..",
                        "io.circuitscript.cli..",
                        "io.circuitscript.assist..",
                        "io.circuitscript.syntax..")
                .check(CLASSES);
    }

    @Test
    void displaysKnowNothingOfMessages() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".display")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, ROOT + ".protocol", "com.fasterxml..", "org.zeromq..")
                .check(CLASSES);
    }

    @Test
    void onlyTheProtocolKnowsTheSockets() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".protocol")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.zeromq..")
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
