package io.circuitscript.graph;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;

/**
 * Explains why a name means no node or edge of a model.
 *
 * @param code {@code UNKNOWN_NODE}, {@code IMPOSSIBLE_EDGE}
 * @param message what is wrong and the reason, one sentence without a full stop
 * @param nearest names that do exist, nearest first; may be empty
 */
public record UnresolvedName(ErrorCode code, String message, List<String> nearest) {
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
            case 1 -> "the nearest that exists: " + nearest.getFirst();
            default -> "the nearest that exist: " + String.join(", ", nearest);
        };
    }

    public UserError toError() {
        return UserError.input(code, message, help());
    }
}
