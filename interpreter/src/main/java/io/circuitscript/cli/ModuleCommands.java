package io.circuitscript.cli;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The commands of a module beside this one, as {@code jupyter}. A module names its class in {@code META-INF/services}. To look for it opens every jar, so it is
 * done only where the command line may need one of them.
 */
public interface ModuleCommands {
    /**
     * @param flags that may stand before the command's name
     * @return objects with picocli's annotation, each a {@code Callable} of its exit code
     */
    List<Object> of(ProcessEnvironment environment, RunFlags flags);

    /** Those of every module that is there. */
    static List<Object> all(ProcessEnvironment environment, RunFlags flags) {
        return ServiceLoader.load(ModuleCommands.class).stream()
                .flatMap(it -> it.get().of(environment, flags).stream())
                .toList();
    }
}
