package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;

/** Something that must exist before a statement can run, such as a model or scores. */
public enum Need {
    MODEL("a model", "`load` one first: load demo"),
    GRAPH("a model", "`load` one first: load demo"),
    DATA("data", "read some first: data \"pairs.csv\", or take a task: task ioi"),
    METRIC("a metric", "name one: metric prob_diff, or metric logit_diff"),
    SCORES("scores", "`attribute` makes scores, `open` reads them from a file: one of them must come first"),
    EDGE_SCORES("scores of edges", "score edges: attribute level=edge"),
    /** Edges at spans, which are scored as edges are. */
    SPAN_SCORES("scores of edges at spans", "score edges at spans: attribute level=position"),
    /** Or of neurons, which are scored along. */
    NODE_SCORES("scores of nodes", "score nodes: attribute level=node"),
    TEST_PART(
            "data with a part for testing",
            "split it when you take it: data \"pairs.csv\" split=80%, or task ioi split=80%"),
    DRAWING("something to draw", "`sweep` gives curves, `attribute` scores: one of them must come first");

    private final String phrase;
    private final String help;

    Need(String phrase, String help) {
        this.phrase = phrase;
        this.help = help;
    }

    public String phrase() {
        return phrase;
    }

    public String help() {
        return help;
    }

    public boolean ofScores() {
        return this == SCORES || this == EDGE_SCORES || this == SPAN_SCORES || this == NODE_SCORES;
    }

    /** That there are no scores, since a method made a circuit instead. */
    public Mistake notMade(String who, String method, Span span) {
        return Mistake.value(
                ErrorCode.TOO_EARLY,
                who + " needs " + phrase + ", and " + method + " makes none: what it leaves is the current circuit",
                span,
                "go on with that circuit (prune, evaluate), or score edges first: attribute");
    }

    /** That it is surely not there. */
    public Mistake missing(String who, Span span) {
        String none = this == SCORES ? "there are none yet" : "there is none yet";
        return Mistake.value(ErrorCode.TOO_EARLY, who + " needs " + phrase + ", and " + none, span, help);
    }
}
