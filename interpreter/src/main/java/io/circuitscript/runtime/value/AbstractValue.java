package io.circuitscript.runtime.value;

/** What a variable holds: a value, or, while a script is only being checked, what is known of one. */
public sealed interface AbstractValue permits Value, Unknown {
    Type type();

    /** With its article, as a sentence needs it: {@code a number}, {@code the result of evaluate}. */
    default String phrase() {
        return type().phrase();
    }
}
