package io.circuitscript.assist;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Value;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A session as completion sees it: four layers of four heads, some variables, a folder. */
record Known(Path folder) implements SessionKnowledge {
    static final ModelGraph GRAPH = new ModelGraph(4, 4, false);

    @Override
    public List<Declaration> declarations() {
        return new Statements(Map.of(), folder).declarations();
    }

    @Override
    public HelpPages pages() {
        return new HelpPages(declarations());
    }

    @Override
    public Map<String, AbstractValue> variables() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("faithfulness", new Value.Number(0.9));
        fields.put("edges", new Value.Number(40));
        Value rows = new Value.ListOf(List.of(Value.Fields.record(fields)));
        return Map.of(
                "better",
                new Value.Fields("evaluate", fields),
                "low-heads",
                nodes(),
                "steps",
                new Value.Number(3),
                "rows",
                rows);
    }

    private static Value nodes() {
        return new Value.Nodes(GRAPH, Set.copyOf(GRAPH.nodes().subList(1, 3)), Set.of());
    }

    @Override
    public List<LanguageFunction> functions() {
        return Functions.all().stream()
                .filter(it -> it.word().equals("mean") || it.word().equals("sort"))
                .toList();
    }

    @Override
    public List<String> spans() {
        return List.of("giver", "end");
    }

    @Override
    public Optional<ModelGraph> graph() {
        return Optional.of(GRAPH);
    }

    @Override
    public Set<String> circuits() {
        return Set.of("manual");
    }

    @Override
    public List<String> models() {
        return List.of("demo", "tiny");
    }

    @Override
    public List<String> tasks() {
        return List.of("greater-than", "ioi");
    }

    @Override
    public List<String> columns() {
        return List.of("clean", "corrupted", "place");
    }

    @Override
    public List<String> metrics() {
        return List.of("prob_diff");
    }
}
