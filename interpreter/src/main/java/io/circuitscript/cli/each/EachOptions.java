package io.circuitscript.cli.each;

import io.circuitscript.runtime.state.MachineShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a grid runs.
 *
 * @param each what follows each {@code --each}
 * @param jobs how many cells run at once; 0: what the machine's size gives
 * @param threads of a cell; 0: what is left of the machine's
 * @param memory bytes that a batch of a cell may take; 0: its share of the default
 * @param table where the values are collected; without it, beside the script
 * @param cluster the options that name a cluster on which the cells run
 * @param place what a cell may take of its place on that cluster
 */
public record EachOptions(
        List<String> each,
        int jobs,
        int threads,
        long memory,
        Optional<String> table,
        List<String> cluster,
        Optional<MachineShare> place) {
    public EachOptions {
        each = List.copyOf(each);
        cluster = List.copyOf(cluster);
    }

    /** On this machine. */
    public EachOptions(List<String> each, int jobs, int threads, long memory, Optional<String> table) {
        this(each, jobs, threads, memory, table, List.of(), Optional.empty());
    }

    /** The same on a cluster. */
    EachOptions on(List<String> cluster, MachineShare place) {
        return new EachOptions(each, jobs, threads, memory, table, cluster, Optional.of(place));
    }

    /** As they are typed, without the table. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        for (String axis : each) words.addAll(List.of("--each", axis));
        if (jobs > 0) words.addAll(List.of("--jobs", String.valueOf(jobs)));
        if (threads > 0) words.addAll(List.of("--threads", String.valueOf(threads)));
        if (memory > 0) words.addAll(List.of("--memory", (memory >> 20) + "MB"));
        words.addAll(cluster);
        return words;
    }
}
