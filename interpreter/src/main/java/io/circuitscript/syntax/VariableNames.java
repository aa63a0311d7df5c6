package io.circuitscript.syntax;

import io.circuitscript.grammar.CircuitParser.NameContext;
import io.circuitscript.grammar.CircuitParser.VariableContext;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement.Name;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Checks the names of variables: which are allowed, and why another is not. */
final class VariableNames {
    private final Source source;
    private final List<Diagnostic> diagnostics;

    VariableNames(Source source, List<Diagnostic> diagnostics) {
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /** Any word: an option's key, a field, the name of a circuit, a task or a metric. */
    Name any(NameContext context) {
        return new Name(context.getText(), span(context));
    }

    /** A field of a record: any word that can be read after a dot. */
    Name field(NameContext context) {
        var name = new Name(context.getText(), span(context));
        if (holdsSigns(name.text())) {
            report(
                    ErrorCode.BAD_NAME,
                    "`" + name + "` cannot name a field",
                    name,
                    "a field's name has letters, digits, `_` and `-`");
        }
        return name;
    }

    private static boolean holdsSigns(String text) {
        return text.codePoints().anyMatch(c -> "./*:~".indexOf(c) >= 0);
    }

    /** The name of a variable; a taken one is reported and kept. */
    Name variable(VariableContext context) {
        var name = new Name(context.getText(), span(context));
        String text = name.text();
        if (context.NUMBER() != null) {
            report(ErrorCode.BAD_NAME, "a number cannot be a name", name, "begin it with a letter");
        } else if (Words.RESERVED.contains(text)) {
            report(
                    ErrorCode.TAKEN_NAME,
                    "`" + text + "` is a reserved word and cannot name a variable",
                    name,
                    "choose another, as `my-" + text + "`");
        } else if (Words.VALUE_STATEMENTS.contains(text)) {
            report(
                    ErrorCode.TAKEN_NAME,
                    "`" + text + "` begins a statement and cannot name a variable",
                    name,
                    "choose another, as `my-" + text + "`");
        } else if (NodeNotation.readsAsNode(text)) {
            report(
                    ErrorCode.TAKEN_NAME,
                    "`" + text + "` reads as a node and cannot name a variable",
                    name,
                    "choose another, as `my-" + text + "`");
        } else if (holdsSigns(text)) {
            report(
                    ErrorCode.BAD_NAME,
                    "`" + text + "` cannot name a variable",
                    name,
                    "a variable's name has letters, digits, `_` and `-`");
        }
        return name;
    }

    Span span(ParserRuleContext context) {
        return span(context.getStart(), context.getStop());
    }

    Span span(Token first, Token last) {
        int start = first.getStartIndex();
        return new Span(source, start, last == null ? start : Math.max(start, last.getStopIndex() + 1));
    }

    void report(ErrorCode code, String message, Span span, String help) {
        diagnostics.add(Diagnostic.error(code, message, span).withHelp(help));
    }

    private void report(ErrorCode code, String message, Name name, String help) {
        report(code, message, name.span(), help);
    }
}
