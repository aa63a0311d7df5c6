package io.circuitscript.editor.document;

import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.locate.KnownModels;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ValueText;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the check knows at a place of a script, as completion asks for it.
 *
 * @param known empty where the check does not come to that place
 * @param environment the process's variables
 */
public record CheckedKnowledge(
        List<Declaration> declarations,
        HelpPages pages,
        Optional<Examiner.Known> known,
        Path folder,
        Map<String, String> environment)
        implements SessionKnowledge {

    private Optional<Facts> facts() {
        return known.map(Examiner.Known::facts);
    }

    @Override
    public Map<String, AbstractValue> variables() {
        return known.map(Examiner.Known::variables).orElse(Map.of());
    }

    @Override
    public List<LanguageFunction> functions() {
        return Functions.all();
    }

    @Override
    public Optional<ModelGraph> graph() {
        return facts().flatMap(Facts::graph);
    }

    @Override
    public List<String> spans() {
        return facts().flatMap(Facts::spanNames).orElse(List.of()).stream()
                .map(ValueText::spanName)
                .toList();
    }

    @Override
    public Set<String> circuits() {
        return facts().map(Facts::circuits).orElse(Set.of());
    }

    @Override
    public List<String> models() {
        Optional<String> setting = facts().map(Facts::settings).flatMap(Settings::models);
        var searchPath = ModelLocator.SearchPath.of(setting, folder, environment, folder);
        Set<String> names = new LinkedHashSet<>(ModelLocator.names(searchPath.folders()));
        KnownModels.all().forEach(model -> names.add(model.name()));
        return List.copyOf(names);
    }

    @Override
    public List<String> metrics() {
        return facts().map(it -> List.copyOf(it.tasks().metricNames()))
                .orElseGet(() -> List.copyOf(StandardLibrary.get().metrics().keySet()));
    }

    @Override
    public List<String> tasks() {
        return facts().map(it -> List.copyOf(it.tasks().taskNames()))
                .orElseGet(() -> List.copyOf(StandardLibrary.get().tasks().keySet()));
    }

    @Override
    public List<String> columns() {
        return facts().flatMap(Facts::columns).orElse(List.of());
    }
}
