package io.circuitscript.cli;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.ResultFields;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** Shows a page of help. */
final class HelpRun {
    private final ProcessEnvironment environment;
    private final Reporting reporting;

    HelpRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        reporting = Reporting.of(environment, flags);
    }

    /** Every word that there is help on, for completion. */
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return pages(Map.of(), Path.of("")).words().iterator();
        }
    }

    private static HelpPages pages(Map<String, String> variables, Path folder) {
        return new HelpPages(new Statements(variables, folder).declarations());
    }

    /** @param word null for an overview */
    int run(String word) {
        HelpPages pages = pages(environment.variables(), environment.folder());
        Optional<String> text = word == null ? Optional.of(pages.overview()) : pages.page(word);
        if (text.isEmpty())
            return reporting
                    .messages()
                    .usage(
                            "there is no help on '" + word + "'",
                            pages.insteadOf(word).replace('`', '\''));
        reporting
                .json()
                .ifPresentOrElse(
                        it -> it.object(
                                ResultFields.of("help").put("text", text.get()).done()),
                        () -> environment.out().text().print(text.get()));
        return ExitCode.OK;
    }
}
