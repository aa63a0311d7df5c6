package io.circuitscript.graph;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.stream.Stream;

/**
 * Explains why a name means no node or edge of a model.
 *
 * @param code {@code UNKNOWN_NODE}, {@code IMPOSSIBLE_EDGE}
 * @param message what is wrong and the reason, one sentence without a full stop
 * @param nearest names that do exist, nearest first; may be empty
 */
public record UnresolvedName(ErrorCode code, String message, List<String> nearest) {
    private static final String ONE = "the nearest that exists: ";
    private static final String SEVERAL = "the nearest that exist: ";

    public UnresolvedName {
        nearest = List.copyOf(nearest);
    }

    static UnresolvedName node(String message, List<String> nearest) {
        return new UnresolvedName(ErrorCode.UNKNOWN_NODE, message, nearest);
    }

    static UnresolvedName edge(String message, List<String> nearest) {
        return new UnresolvedName(ErrorCode.IMPOSSIBLE_EDGE, message, nearest);
    }

    /** The way out in words, or empty where nothing is near. */
    public String help() {
        return switch (nearest.size()) {
            case 0 -> "";
            case 1 -> ONE + nearest.getFirst();
            default -> SEVERAL + String.join(", ", nearest);
        };
    }

    /** The names that such a text lists; none where it is another one. */
    public static List<String> nearest(String help) {
        return Stream.of(ONE, SEVERAL)
                .filter(help::startsWith)
                .flatMap(beginning ->
                        Stream.of(help.substring(beginning.length()).split(", ")))
                .toList();
    }

    public UserError toError() {
        return UserError.input(code, message, help());
    }
}
