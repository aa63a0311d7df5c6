package io.circuitscript.cli.prompt;

/** Something to close that throws no checked exception. */
public interface QuietCloseable extends AutoCloseable {
    @Override
    void close();
}
