package io.circuitscript.task;

/** Why a row of data cannot be used, or shows nothing. */
public enum RowFault {
    EMPTY_CELL("empty cell", "an empty cell, or a missing value as nan"),
    UNEQUAL_LENGTHS("unequal lengths", "texts of unequal token length"),
    TOO_LONG("too long", "texts longer than the model takes"),
    SAME_TEXTS("same texts", "clean and corrupted texts that are the same"),
    UNUSABLE_ANSWER("unusable answer", "an answer that the metric cannot use"),
    SAME_ANSWERS("same answers", "correct and incorrect answers that are the same"),
    SPAN_NOT_FOUND("span not found", "a span whose value is not in the clean text"),
    SPAN_AMBIGUOUS("ambiguous span", "a span whose value is several times in the clean text"),
    SPAN_POSITION("span position", "a span whose position the clean text does not have");

    private final String kind;
    private final String phrase;

    RowFault(String kind, String phrase) {
        this.kind = kind;
        this.phrase = phrase;
    }

    /** As results call it. */
    public String kind() {
        return kind;
    }

    /** What such a row has. */
    public String phrase() {
        return phrase;
    }
}
