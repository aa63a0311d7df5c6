package io.circuitscript.runtime;

import io.circuitscript.source.Span;

/** What the language has and this version does not yet. */
final class NotYet {
    private static final String CODE = "not-available-yet";

    private NotYet() {}

    static Mistake statement(String word, Span span) {
        return Mistake.value(CODE, "`" + word + "` is not available yet", span, "the language has it, and a later version will");
    }

    static Mistake option(String key, Span span) {
        return Mistake.value(CODE, "the option `" + key + "=` is not available yet", span, "leave it out: a later version will have it");
    }

    static Mistake value(String key, String value, Span span) {
        return Mistake.value(CODE, "`" + key + "=" + value + "` is not available yet", span, "a later version will have it");
    }
}
