package io.circuitscript.assist;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.value.AbstractValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What completion and tips know of the session. It is asked anew each time. */
public interface SessionKnowledge {
    List<Declaration> declarations();

    /** What is said of each word of the language. */
    HelpPages pages();

    Map<String, AbstractValue> variables();

    /** Whether a variable is offered where one may stand: not where its name is shorter typed than chosen. */
    default boolean offers(String variable) {
        return true;
    }

    List<LanguageFunction> functions();

    Optional<ModelGraph> graph();

    /** The names of the spans that the data's rows have. */
    List<String> spans();

    Set<String> circuits();

    /** What {@code load} takes by name. */
    List<String> models();

    List<String> metrics();

    /** Tasks that there are, the standard library's among them. */
    List<String> tasks();

    /** The columns of the data. */
    List<String> columns();

    /** Where names of files begin. */
    Path folder();

    default Optional<Declaration> declaration(String word) {
        return declarations().stream()
                .filter(declaration -> declaration.word().equals(word))
                .findFirst();
    }
}
