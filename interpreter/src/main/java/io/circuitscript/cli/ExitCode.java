package io.circuitscript.cli;

/** The exit codes that the command itself gives; a session gives the others. */
final class ExitCode {
    static final int OK = 0;
    static final int DIFFERS = 1;
    static final int USAGE = 64;
    static final int INPUT = 65;
    static final int MISSING = 66;
    /** No network or no device. */
    static final int UNAVAILABLE = 69;

    static final int FAILURE = 70;
    /** Interrupted, and {@code run --resume} goes on. */
    static final int RESUMABLE = 75;

    static final int INTERRUPTED = 130;
    /** What a shell gives for a command whose reader left. */
    static final int READER_GONE = 141;

    private ExitCode() {}
}
