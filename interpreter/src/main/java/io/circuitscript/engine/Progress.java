package io.circuitscript.engine;

/** Is told how far long work has come. Called from the thread that works; one task at a time. */
public interface Progress {
    Progress NONE = new Progress() {
        @Override
        public void begin(String what, long total, String unit) {}

        @Override
        public void advance(long by) {}

        @Override
        public void end() {}
    };

    /**
     * @param what a few words, as {@code attribute}
     * @param unit of what there are {@code total}, as {@code examples}
     */
    void begin(String what, long total, String unit);

    void advance(long by);

    /** A few words on how it goes, as {@code loss 0.12}, in place of those before. */
    default void note(String words) {}

    /** Also called where the work failed or was cancelled. */
    void end();
}
