package io.circuitscript.editor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which package of the module may know what. */
final class EditorArchitectureTest {
    private static final String ROOT = "io.circuitscript.editor";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** Documents need no other package, names need documents, features need both; only the server knows the features. */
    @Test
    void aPackageUsesOnlyThoseBelowIt() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".document")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, ROOT + ".names", ROOT + ".feature")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".names")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, ROOT + ".feature")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".feature")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CLASSES);
    }

    /** It loads no model and starts no engine: of the engine it knows how work is cancelled. */
    @Test
    void nothingRuns() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.circuitscript.engine.torch..",
                        "io.circuitscript.analysis..",
                        "io.circuitscript.render..",
                        "ai.djl..")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Session")
                .check(CLASSES);
    }

    /** Standard output belongs to the protocol, and the process is ended by its main class. */
    @Test
    void nothingPrintsOrExits() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    @Test
    void namesAreReadWithoutTheProtocol() {
        classes()
                .that()
                .haveSimpleName("NameReader")
                .or()
                .haveSimpleName("Names")
                .or()
                .haveSimpleName("Symbol")
                .or()
                .haveSimpleName("Occurrence")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("org.eclipse.lsp4j..")
                .check(CLASSES);
    }
}
