package io.circuitscript.runtime.metric;

import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A task as a script or the standard library defines it.
 *
 * @param folder where the files that it names are looked for; empty: where those of the script are
 * @param standard whether it comes from the standard library, whose text no mistake should point at
 */
public record TaskSource(Statement.TaskDefinition definition, Optional<Path> folder, boolean standard) {
    public String name() {
        return definition.name().text();
    }
}
