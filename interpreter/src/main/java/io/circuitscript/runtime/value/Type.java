package io.circuitscript.runtime.value;

/** The types of value that the check tells apart. */
public enum Type {
    NUMBER("a number"),
    TRUTH("a truth value"),
    TEXT("text"),
    NONE("none"),
    LIST("a list"),
    RESULT("a result"),
    NODES("a set of nodes"),
    EDGES("a set of edges"),
    FUNCTION("a function"),
    /** Nothing is known of it. */
    ANY("a value");

    private final String phrase;

    Type(String phrase) {
        this.phrase = phrase;
    }

    /** With its article, as a sentence needs it. */
    public String phrase() {
        return phrase;
    }

    /** Whether it may turn out to be one of these. */
    public boolean mayBe(Type... types) {
        if (this == ANY) return true;
        for (Type type : types) {
            if (type == this || type == ANY) return true;
        }
        return false;
    }
}
