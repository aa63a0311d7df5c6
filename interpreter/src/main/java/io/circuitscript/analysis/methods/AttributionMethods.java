package io.circuitscript.analysis.methods;

import io.circuitscript.engine.GradientPath;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every attribution method: the one list. Kinds of gradient paths are in it by themselves. */
public final class AttributionMethods {
    /** In the order in which messages list them; the first is the default. */
    public static final List<AttributionMethod> ALL = Stream.concat(
                    Arrays.stream(GradientPath.Kind.values()).map(GradientMethod::new),
                    Stream.of(
                            new ExactAblation(),
                            new InformationFlowRoutes(),
                            new Acdc(),
                            new AtpStar(),
                            new RelevancePatching(),
                            new EdgePruning(),
                            new UniformGradientSampling()))
            .toList();

    private AttributionMethods() {}

    public static List<String> words() {
        return ALL.stream().map(AttributionMethod::word).toList();
    }

    /** @param word one of {@link #words} */
    public static AttributionMethod named(String word) {
        return ALL.stream()
                .filter(method -> method.word().equals(word))
                .findFirst()
                .orElseThrow();
    }

    /** Every option that some method adds, each once, by the method that comes first. */
    public static List<MethodOption> options() {
        Map<String, MethodOption> options = new LinkedHashMap<>();
        ALL.forEach(method -> method.options().forEach(it -> options.putIfAbsent(it.name(), it)));
        return List.copyOf(options.values());
    }

    /** The methods that have an option, by their words. */
    public static List<String> having(String option) {
        return ALL.stream()
                .filter(method ->
                        method.options().stream().anyMatch(it -> it.name().equals(option)))
                .map(AttributionMethod::word)
                .toList();
    }
}
