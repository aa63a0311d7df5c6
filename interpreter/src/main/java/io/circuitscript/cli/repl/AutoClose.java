package io.circuitscript.cli.repl;

/** Something that is put back, without a word. */
public interface AutoClose extends AutoCloseable {
    @Override
    void close();
}
