package io.circuitscript.assist;

import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Lexeme;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Suggests options of a function and their values, where the cursor stands in a call: {@code sort(rows, by=size)}.
 *
 * @param earlier what stands in the brackets before the last comma
 * @param pieces what stands between that and the cursor
 */
record FunctionSuggestions(
        LanguageFunction function, List<Lexeme> earlier, List<Lexeme> pieces, SessionKnowledge knowledge) {

    /** The call that the cursor stands in, directly or in a string that is the value of an option. */
    static Optional<FunctionSuggestions> around(CursorContext cursor, SessionKnowledge knowledge) {
        List<CursorContext.Frame> frames = cursor.frames();
        boolean inString = cursor.frame().shape() == CursorContext.Shape.STRING;
        if (inString && frames.size() < 2) return Optional.empty();
        CursorContext.Frame frame = inString ? frames.get(frames.size() - 2) : cursor.frame();
        if (inString && !endsWithAssign(frame.pieces())) return Optional.empty();
        return function(frames, frame, knowledge)
                .map(it -> new FunctionSuggestions(it, frame.earlier(), frame.pieces(), knowledge));
    }

    /** The function whose brackets a frame is. */
    static Optional<LanguageFunction> function(
            List<CursorContext.Frame> frames, CursorContext.Frame frame, SessionKnowledge knowledge) {
        return caller(frames, frame)
                .filter(word -> !knowledge.variables().containsKey(word))
                .flatMap(word -> knowledge.functions().stream()
                        .filter(it -> it.word().equals(word))
                        .findFirst());
    }

    /** The word before the brackets that a frame is. */
    static Optional<String> caller(List<CursorContext.Frame> frames, CursorContext.Frame frame) {
        int at = indexOf(frames, frame);
        if (frame.shape() != CursorContext.Shape.ROUND || at < 1) return Optional.empty();
        return frames.get(at - 1).last().map(Lexeme::text);
    }

    /** By identity: two frames may hold the same pieces. */
    private static int indexOf(List<CursorContext.Frame> frames, CursorContext.Frame frame) {
        for (int i = frames.size() - 1; i >= 0; i--) if (frames.get(i) == frame) return i;
        return -1;
    }

    private static boolean endsWithAssign(List<Lexeme> pieces) {
        return !pieces.isEmpty() && pieces.getLast().kind() == Lexeme.Kind.ASSIGN;
    }

    /** The options that are not given yet, after the comma that follows the first argument. */
    List<Suggestion> options() {
        if (earlier.isEmpty() || !pieces.isEmpty()) return List.of();
        List<String> given = earlier.stream().map(Lexeme::text).toList();
        return function.options().stream()
                .filter(option -> !given.contains(option.name()))
                .map(option -> Suggestion.open(option.name() + "=", option.doc()))
                .toList();
    }

    /** What the option before the cursor takes: fields of the table that the call begins with, or a truth value. */
    List<Suggestion> values(boolean inString) {
        if (earlier.isEmpty() || pieces.size() < 2 || !endsWithAssign(pieces)) return List.of();
        String option = pieces.get(pieces.size() - 2).text();
        if (function.options().stream().noneMatch(it -> it.name().equals(option))) return List.of();
        if (!option.equals("by"))
            return inString ? List.of() : List.of(Suggestion.of("true", ""), Suggestion.of("false", ""));
        Set<String> variables = knowledge.variables().keySet();
        return fields(knowledge.variables().get(earlier.getFirst().text())).stream()
                .map(field -> inString
                        ? Suggestion.open(field, "")
                        : Suggestion.of(variables.contains(field) ? '"' + field + '"' : field, ""))
                .toList();
    }

    private static Collection<String> fields(AbstractValue table) {
        if (table == null || table.type() != Type.LIST) return List.of();
        return switch (Shapes.itemOf(table)) {
            case Value.Fields row -> row.fields().keySet();
            case Unknown row -> row.fields().keySet();
            default -> List.of();
        };
    }
}
