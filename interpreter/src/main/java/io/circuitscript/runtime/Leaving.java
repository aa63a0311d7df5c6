package io.circuitscript.runtime;

import io.circuitscript.runtime.value.Value;

/** How {@code break}, {@code continue} and {@code return} leave the statements around them. */
final class Leaving extends RuntimeException {
    enum Kind {
        BREAK,
        CONTINUE,
        RETURN
    }

    private final Kind kind;
    private final transient Value value;

    Leaving(Kind kind, Value value) {
        super(null, null, false, false);
        this.kind = kind;
        this.value = value;
    }

    Kind kind() {
        return kind;
    }

    /** What {@code return} gives; none of the others. */
    Value value() {
        return value;
    }
}
