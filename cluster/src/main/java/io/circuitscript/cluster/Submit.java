package io.circuitscript.cluster;

import io.circuitscript.cli.Main;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The main class for {@code spark-submit}: takes what {@code circuit} takes, and runs on the cluster that {@code --master} named. */
public final class Submit {
    private static final String OPTION = "--cluster";

    private Submit() {}

    public static void main(String[] args) {
        Main.main(withCluster(args, System.getProperty("spark.master", "local[1]")));
    }

    static String[] withCluster(String[] args, String master) {
        boolean named = Arrays.stream(args).anyMatch(it -> it.equals(OPTION) || it.startsWith(OPTION + "="));
        List<String> words = new ArrayList<>(List.of(args));
        // Behind the command's name.
        if (!named) words.add(words.isEmpty() || words.getFirst().startsWith("-") ? 0 : 1, OPTION + "=" + master);
        return words.toArray(String[]::new);
    }
}
