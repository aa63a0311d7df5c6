package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Document;
import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.Command;

/** What can be done with a script: run it, and look at the pictures that it drew. The editor has the commands. */
public final class CodeLenses {
    /** Takes the document's URI. */
    public static final String RUN = "circuitscript.run";

    /** Takes the document's URI and the file's name as the script has it. */
    public static final String SHOW_PICTURE = "circuitscript.showPicture";

    private static final Set<String> DRAWING = Set.of("render", "plot");

    private CodeLenses() {}

    public static List<CodeLens> of(Document document) {
        List<CodeLens> lenses = new ArrayList<>();
        if (document.parsed().statements().isEmpty()) return lenses;
        lenses.add(
                new CodeLens(document.positions().range(0, 0), new Command("Run", RUN, List.of(document.uri())), null));
        pictures(document, document.parsed().statements(), lenses);
        return lenses;
    }

    private static void pictures(Document document, List<Statement> statements, List<CodeLens> lenses) {
        for (Statement statement : statements) {
            if (statement instanceof Statement.Command command
                    && DRAWING.contains(command.word().text())) picture(document, command, lenses);
            pictures(document, InnerStatements.of(statement), lenses);
        }
    }

    /** Only of a file that is named as it is. */
    private static void picture(Document document, Statement.Command command, List<CodeLens> lenses) {
        for (Expression argument : command.arguments()) {
            if (!(argument instanceof Expression.StringLiteral text)) continue;
            text.constant()
                    .filter(file -> !file.isBlank())
                    .ifPresent(file -> lenses.add(new CodeLens(
                            document.positions().range(command.word().span()),
                            new Command("Show " + file, SHOW_PICTURE, List.of(document.uri(), file)),
                            null)));
        }
    }
}
