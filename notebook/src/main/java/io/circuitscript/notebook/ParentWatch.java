package io.circuitscript.notebook;

import java.util.Map;
import java.util.Optional;

/** Notices that the process which started the kernel is gone: nobody could end it any more. */
final class ParentWatch {
    /** Where Jupyter leaves its process number. Without it somebody starts the kernel by hand, and it stays. */
    private static final String VARIABLE = "JPY_PARENT_PID";

    /** In it the launcher leaves the number of its own parent, which may be gone by the time that Java runs. */
    private static final String LAUNCHED_BY = "CIRCUIT_PARENT";

    private static final int PERIOD_MILLIS = 1_000;

    private ParentWatch() {}

    /** @param gone is called once, from a thread of its own */
    static void begin(Map<String, String> variables, Runnable gone) {
        String number = variables.getOrDefault(VARIABLE, "");
        if (!number.matches("[1-9][0-9]{0,9}")) return;
        // In another container the number means nothing here; who is this process's parent does.
        Optional<ProcessHandle> named = ProcessHandle.of(Long.parseLong(number)).filter(ProcessHandle::isAlive);
        Optional<Long> parent = Optional.ofNullable(variables.get(LAUNCHED_BY))
                .filter(it -> it.matches("[1-9][0-9]{0,9}"))
                .map(Long::valueOf)
                .or(() -> ProcessHandle.current().parent().map(ProcessHandle::pid));
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            while (named.map(ProcessHandle::isAlive).orElse(true)
                    && ProcessHandle.current().parent().map(ProcessHandle::pid).equals(parent)) {
                try {
                    Thread.sleep(PERIOD_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            gone.run();
        });
    }
}
