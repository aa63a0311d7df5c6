package io.circuitscript.cluster;

import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What the user sets for a cluster: Spark's own settings, and {@link #SHIP}. */
public final class ClusterSettings {
    /** {@code true}: each executor fetches the program from this process. For clusters without a file system that all machines share. */
    public static final String SHIP = "circuit.ship";

    private static final long LONGEST = 1 << 20;
    private static final String SECRET = "spark.authenticate.secret";

    private ClusterSettings() {}

    /**
     * Settings as they are given one by one. A later one counts.
     *
     * @param given each {@code KEY=VALUE}, or the name of a file that is written like Spark's {@code spark-defaults.conf}
     * @param folder from which a file's name counts
     * @throws UserError where one is no setting, or is one that has another place
     */
    public static Map<String, String> of(List<String> given, Path folder) {
        Map<String, String> settings = new TreeMap<>();
        for (String one : given) {
            int equals = one.indexOf('=');
            if (equals >= 0) settings.put(one.substring(0, equals).strip(), one.substring(equals + 1));
            else settings.putAll(file(one, folder));
        }
        settings.keySet().forEach(ClusterSettings::check);
        return settings;
    }

    private static Map<String, String> file(String name, Path folder) {
        Properties properties = new Properties();
        requireSmall(name, folder.resolve(name));
        try (Reader reader = Files.newBufferedReader(folder.resolve(name))) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            String why = e instanceof IOException unread ? Unreadable.why(unread) : e.getMessage();
            throw UserError.missing(
                    ErrorCode.NO_CLUSTER,
                    "settings of the cluster cannot be read from " + name + ": " + why,
                    "--cluster-conf takes KEY=VALUE, or a file of lines such as: spark.executor.memory 4g");
        }
        Map<String, String> settings = new TreeMap<>();
        for (String key : properties.stringPropertyNames())
            settings.put(key, properties.getProperty(key).strip());
        return settings;
    }

    /** Neither a pipe, which nobody may write to, nor something without an end. */
    private static void requireSmall(String name, Path file) {
        String why = !Files.exists(file)
                ? "there is no such file"
                : !Files.isRegularFile(file)
                        ? "it is no file"
                        : file.toFile().length() > LONGEST ? "it is too long" : "";
        if (!why.isEmpty())
            throw UserError.missing(
                    ErrorCode.NO_CLUSTER,
                    "settings of the cluster cannot be read from " + name + ": " + why,
                    "--cluster-conf takes KEY=VALUE, or a file of lines such as: spark.executor.memory 4g");
    }

    private static void check(String key) {
        switch (key) {
            case "spark.master" -> throw wrong(key, "--cluster says which cluster it is");
            // A command line can be read by everybody on the machine.
            case SECRET -> throw wrong(key, SecretFile.VARIABLE + " names a file that holds it");
            default -> {
                if (!key.startsWith("spark.") && !key.equals(SHIP))
                    throw wrong(
                            key, "Spark's settings begin with 'spark.', as spark.executor.memory=4g; ours is " + SHIP);
            }
        }
    }

    private static UserError wrong(String key, String help) {
        return UserError.input(ErrorCode.NO_CLUSTER, "'" + key + "' is no setting of --cluster-conf", help);
    }
}
