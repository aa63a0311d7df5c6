package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.source.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionContext;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** Changes that mend the mistakes in a range. */
public final class QuickFixes {
    private QuickFixes() {}

    public static boolean wanted(CodeActionContext context) {
        return context == null
                || context.getOnly() == null
                || context.getOnly().stream()
                        .anyMatch(kind -> kind.isEmpty()
                                || kind.equals(CodeActionKind.QuickFix)
                                || kind.startsWith(CodeActionKind.QuickFix + "."));
    }

    public static List<Either<Command, CodeAction>> of(
            Document document, Range range, Analysis analysis, Diagnostics diagnostics) {
        int start = document.offset(range.getStart());
        int end = document.offset(range.getEnd());
        Examiner.Examined examined = analysis.wrong(document, start, end);
        List<Either<Command, CodeAction>> actions = new ArrayList<>();
        for (Diagnostic found : examined.diagnostics()) {
            boolean here = found.span().source() == document.source()
                    && found.span().start() <= end
                    && start <= found.span().end();
            if (!here) continue;
            for (Mending mending : Mending.of(found)) {
                CodeAction action = new CodeAction(mending.title());
                action.setKind(CodeActionKind.QuickFix);
                action.setDiagnostics(List.of(diagnostics.own(document, found, examined)));
                action.setEdit(new WorkspaceEdit(Map.of(
                        document.uri(),
                        List.of(new TextEdit(document.positions().range(mending.span()), mending.text())))));
                if (mending.sure()) action.setIsPreferred(true);
                actions.add(Either.forRight(action));
            }
        }
        return actions;
    }
}
