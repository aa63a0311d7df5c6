package io.circuitscript.runtime.evaluate;

/** The kinds of argument that a parameter or an option can take. */
public enum Kind {
    NUMBER("a number", false),
    /** From 1. */
    COUNT("a whole number from 1", false),
    /** From 0. */
    WHOLE("a whole number from 0", false),
    /** A count from 0 or a percentage of the edges. */
    SIZE("a number of edges, or a percentage of them", false),
    /** A percentage. */
    SHARE("a percentage", false),
    /** {@code 2GB}. */
    BYTES("a size such as 2GB", true),
    TRUTH("true or false", false),
    TEXT("text", true),
    /** What a model reads: in quotes, so that a misspelt variable is never taken for it. */
    PROSE("a text in quotes", false),
    /** One of a few words. */
    CHOICE("a word", true),
    /** A name of a circuit, a metric, a column. */
    NAME("a name", true),
    INPUT_FILE("a file's name in quotes", false),

    /** A file to read, or something else by its name; the statement looks for it. */
    DATA_NAME("a file's name in quotes", false),
    OUTPUT_FILE("a file's name in quotes", false),
    NODES("nodes", false),
    EDGES("edges", false),
    LIST("a list", false),
    /** Some of a few words: one, or a list of them. */
    WORDS("a word, or a list of words", true),
    /** Columns of the data in which spans' texts or positions are, or {@code tokens}. */
    SPANS("columns, or tokens", true),
    /** A list of records, or the result of a statement that has one; a bare word that is no variable is that statement. */
    TABLE("a table", false),
    /** A field of the statement's table; a bare word is one before it is a variable. */
    FIELD("a field of the table", true),
    /** A column of the data; a bare word is one before it is a variable. */
    COLUMN("a column of the data", true),
    /** What is evaluated for each row of the data, with its columns as variables. */
    CONDITION("a condition", false),
    VALUE("a value", false);

    private final String phrase;
    private final boolean words;

    Kind(String phrase, boolean words) {
        this.phrase = phrase;
        this.words = words;
    }

    public String phrase() {
        return phrase;
    }

    /** Whether a bare word that is no variable is text here. */
    public boolean takesWords() {
        return words;
    }
}
