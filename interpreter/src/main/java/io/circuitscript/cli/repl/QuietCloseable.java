package io.circuitscript.cli.repl;

/** Something that is put back, without a word. */
public interface QuietCloseable extends AutoCloseable {
    @Override
    void close();
}
