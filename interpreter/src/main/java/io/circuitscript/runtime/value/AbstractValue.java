package io.circuitscript.runtime.value;

/** A value, or, in the check, what is known of a value that only a run gives. */
public sealed interface AbstractValue permits Value, Unknown {
    Type type();

    /** With its article, as a sentence needs it: {@code a number}, {@code the result of evaluate}. */
    default String phrase() {
        return type().phrase();
    }
}
