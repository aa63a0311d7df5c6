package io.circuitscript.editor.names;

/**
 * What a name means.
 *
 * @param scope {@link #GLOBAL}; in a function whose name no other has, that name and {@code ()}; else what tells it from all others of the script
 */
public record Symbol(Space space, String name, String scope) {
    /** The scope of the whole script, which it shares with what it imports and with what imports it. */
    public static final String GLOBAL = "";

    /** What follows a function's name in the scope of what it holds. */
    static final String OF_FUNCTION = "()";

    /** Names of different spaces have nothing to do with one another. */
    public enum Space {
        VARIABLE("variable"),
        /** A column of the data, as a metric or the rules of generated data call it. */
        COLUMN("column"),
        CIRCUIT("circuit"),
        METRIC("metric"),
        TASK("task");

        private final String word;

        Space(String word) {
            this.word = word;
        }

        /** As a message calls one. */
        public String word() {
            return word;
        }
    }

    /** Whether it is a variable of a function that has its name for itself: those who call it may name its parameters. */
    public boolean isOfFunction() {
        return scope.endsWith(OF_FUNCTION);
    }

    public boolean isGlobal() {
        return scope.equals(GLOBAL);
    }
}
