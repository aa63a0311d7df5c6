package io.circuitscript.cli.repl;

/** Something to close that throws no checked exception. */
public interface QuietCloseable extends AutoCloseable {
    @Override
    void close();
}
