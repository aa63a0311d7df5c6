package io.circuitscript.cli.console;

/** The exit codes that the command itself gives; a session gives the others. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int DIFFERS = 1;
    public static final int USAGE = 64;
    public static final int INPUT = 65;
    public static final int MISSING = 66;
    /** No network or no device. */
    public static final int UNAVAILABLE = 69;

    public static final int FAILURE = 70;
    /** Interrupted, and {@code run --resume} goes on. */
    public static final int RESUMABLE = 75;

    public static final int INTERRUPTED = 130;
    /** What a shell gives for a command whose reader left. */
    public static final int READER_GONE = 141;

    private ExitCode() {}
}
