package io.circuitscript.cluster;

/** What an exception of Spark's says in one line. */
final class Reason {
    private static final int LONGEST = 300;

    private Reason() {}

    static String of(Throwable thrown) {
        Throwable last = thrown;
        while (last.getCause() != null && last.getCause() != last) last = last.getCause();
        String text = last.getMessage();
        if (text == null || text.isBlank()) text = last.getClass().getSimpleName();
        String line = text.lines().findFirst().orElse(text).strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
