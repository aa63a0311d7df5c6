package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.ParameterText;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everything that is wrong with a script before it runs, in the order of its text.
 *
 * @param exitCode 0 where nothing is wrong
 */
record CheckFindings(List<Diagnostic> diagnostics, int exitCode) {
    private static final int WRONG = 65;

    private static final Pattern CALL = Pattern.compile("(?U)[\\p{L}\\p{Nd}_]\\(");

    /** How many mistakes are shown of an imported file that is not a script. */
    private static final int SHOWN_OF_ANOTHER_FILE = 2;

    private static final Set<ErrorCode> NAMES = Set.of(
            ErrorCode.UNKNOWN_NAME, ErrorCode.UNKNOWN_FUNCTION, ErrorCode.UNKNOWN_CIRCUIT, ErrorCode.UNKNOWN_PARAMETER);

    /** Checks a text that is not in a file. */
    static CheckFindings of(
            Parsed parsed, Statements statements, Map<String, String> parameters, Scope globals, Facts facts) {
        return of(
                parsed,
                statements,
                parameters,
                globals,
                facts,
                new Imports(facts.files().readFolder(), Optional.empty()));
    }

    /**
     * @param facts what holds before it; changed
     * @param imports reads the files that it imports, and keeps them for the run
     */
    static CheckFindings of(
            Parsed parsed,
            Statements statements,
            Map<String, String> parameters,
            Scope globals,
            Facts facts,
            Imports imports) {
        return of(parsed, statements, parameters, globals, facts, imports, CheckWatch.NONE);
    }

    /** The same, watched. */
    static CheckFindings of(
            Parsed parsed,
            Statements statements,
            Map<String, String> parameters,
            Scope globals,
            Facts facts,
            Imports imports,
            CheckWatch watch) {
        List<Diagnostic> found = new ArrayList<>(parsed.diagnostics());
        List<String> lost = parsed.lost().stream().map(Span::text).toList();
        if (!lost.isEmpty()) {
            // Nobody knows what the unreadable text would have done.
            for (Need need : Need.values()) {
                if (facts.met(need) == Facts.Known.NO) facts.set(need, Facts.Known.MAYBE);
            }
            facts.mayAddCircuits();
            if (lost.stream().anyMatch(it -> mayWrite(it, statements)))
                facts.files().mayWriteOthers();
        }
        List<Statement> script = parsed.statements();
        Checker checker = new Checker(statements, parameters, script, globals, facts, imports, watch);
        List<Mistake> mistakes = new ArrayList<>(checker.check(script));
        mistakes.addAll(0, ParameterText.unknown(parameters, script, checker.libraries(), parsed.source()));
        for (Parsed library : checker.libraries())
            found.addAll(isScript(library) ? library.diagnostics() : beginning(library));
        mistakes.removeIf(mistake -> checker.libraries().stream()
                .anyMatch(it -> it.source() == mistake.diagnostic().span().source() && !isScript(it)));
        mistakes.removeIf(mistake -> named(mistake.diagnostic(), lost)
                || parsed.diagnostics().stream()
                        .anyMatch(said ->
                                sameStatement(said.span(), mistake.diagnostic().span())));
        checker.libraries().forEach(library -> shorten(mistakes, library));
        mistakes.forEach(mistake -> found.add(mistake.diagnostic()));
        // The script's own first, then file by file as they were imported.
        List<Source> order = new ArrayList<>(List.of(parsed.source()));
        checker.libraries().forEach(library -> order.add(library.source()));
        found.sort(Comparator.<Diagnostic>comparingInt(
                        diagnostic -> order.indexOf(diagnostic.span().source()))
                .thenComparingInt(diagnostic -> diagnostic.span().start()));
        boolean unreadable = parsed.hasErrors() || checker.libraries().stream().anyMatch(Parsed::hasErrors);
        return new CheckFindings(found, exitCode(unreadable, mistakes));
    }

    /** Whether at least as many statements of a file can be read as there are mistakes in it. Otherwise it is not a script, and every line would be a mistake. */
    private static boolean isScript(Parsed file) {
        long read = file.statements().stream()
                .filter(it -> !(it instanceof Statement.Unknown))
                .count();
        return file.diagnostics().size() <= SHOWN_OF_ANOTHER_FILE
                || file.diagnostics().size() <= read;
    }

    /** Shows only two of an imported file's statements that are not definitions: in a script that was never meant to be imported there are many. */
    private static void shorten(List<Mistake> mistakes, Parsed file) {
        List<Mistake> statements = mistakes.stream()
                .filter(it -> it.diagnostic().code() == ErrorCode.NOT_A_DEFINITION
                        && it.diagnostic().span().source() == file.source())
                .toList();
        int more = statements.size() - SHOWN_OF_ANOTHER_FILE;
        if (more <= 0) return;
        Mistake last = statements.get(SHOWN_OF_ANOTHER_FILE - 1);
        String note = NumberText.count(more) + " more of the statements of "
                + file.source().name() + (more == 1 ? " is not a definition" : " are not definitions");
        mistakes.replaceAll(it -> it == last ? it.withNotes(List.of(note)) : it);
        mistakes.removeAll(statements.subList(SHOWN_OF_ANOTHER_FILE, statements.size()));
    }

    private static List<Diagnostic> beginning(Parsed file) {
        List<Diagnostic> shown = new ArrayList<>(file.diagnostics().subList(0, SHOWN_OF_ANOTHER_FILE));
        String note = file.source().name() + " does not look like a script: most of its lines cannot be read";
        shown.add(shown.removeLast()
                .withNotes(List.of(note))
                .withHelp("import takes a file of definitions; `data` reads pairs, `open` a circuit"));
        return shown;
    }

    /** Whether both are in one statement: if the parser has reported a mistake there, that is enough. */
    private static boolean sameStatement(Span said, Span found) {
        if (said.source() != found.source()) return false;
        Span first = said.start() <= found.start() ? said : found;
        Span last = first == said ? found : said;
        if (last.start() < first.end()) return true;
        return first.source()
                .text(first.end(), last.start())
                .chars()
                .noneMatch(c -> c == '\n' || c == '\r' || c == ';' || c == '{' || c == '}');
    }

    /** Whether a statement may have stood in unreadable text that writes a file, by itself or in a function. */
    private static boolean mayWrite(String lost, Statements statements) {
        return CALL.matcher(lost).find()
                || Lexeme.of(lost).stream()
                        .flatMap(piece -> statements.find(piece.text()).stream())
                        .anyMatch(handler -> handler.declaration().writesFile());
    }

    /** Whether a name that seems to be missing occurs in text that could not be read: it may be defined there. */
    private static boolean named(Diagnostic diagnostic, List<String> lost) {
        if (!NAMES.contains(diagnostic.code())) return false;
        Span span = diagnostic.span();
        String text = span.text().split("\\.")[0];
        if (diagnostic.code() == ErrorCode.UNKNOWN_PARAMETER) return !lost.isEmpty();
        return lost.stream().anyMatch(stretch -> stretch.contains(text));
    }

    /** The exit code: another one where only files or models are missing. */
    private static int exitCode(boolean unreadable, List<Mistake> mistakes) {
        if (unreadable) return WRONG;
        Set<Integer> codes = Set.copyOf(mistakes.stream().map(Mistake::exitCode).toList());
        return codes.isEmpty() ? 0 : codes.size() == 1 ? codes.iterator().next() : WRONG;
    }
}
